/// The house rules as tests: how the code of every module may look and what may import what.
///
/// Start at [HouseRulesTest]. A rule is a [Rule] over one parsed [SourceFile], a room rule over class files, or
/// a rule over the tree's other files; each prints one line that says where and what to do instead. Exceptions
/// are listed with their reasons in [KnownExceptions]. `PlantedViolationsTest` proves that every rule bites.
@NullMarked
package adit.server.house;

import org.jspecify.annotations.NullMarked;
