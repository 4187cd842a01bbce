package adit.server.admin;

/// The running pool as the admin side sees it, without PostgreSQL.
///
/// **Seam:** the composition root looks at its parts; tests say what is to be seen. Called every few seconds and at
/// each health check, from any thread; must not block.
@FunctionalInterface
public interface PoolView {
    PoolSnapshot snapshot();
}
