package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;

/// Something else that only the leader does, on its session, before it settles.
///
/// **Seam:** following blocks in production (`BlockFollower::follow`), which is a room beside this one.
public interface LeaderDuty {
    void perform(Connection connection) throws SQLException;
}
