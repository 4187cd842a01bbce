/// Translators between a wire protocol and the one share path; one package a protocol.
@NullMarked
package adit.server.session;

import org.jspecify.annotations.NullMarked;
