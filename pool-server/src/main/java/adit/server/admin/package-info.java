/// What people and their programs may ask the running pool over HTTP, all of it read-only: the API, the health
/// check, the metrics and the status page.
///
/// Start reading at [adit.server.admin.AdminServer], then [adit.server.admin.Routes]; every answer is a record in
/// [adit.server.admin.Json]. Requests run on virtual threads of the web server; what all of them share is prepared
/// by one `status` thread ([adit.server.admin.StatusBoard]). Nothing here is asked by the share path, and only this
/// package imports Javalin.
@NullMarked
package adit.server.admin;

import org.jspecify.annotations.NullMarked;
