package adit.ledger.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;

/// A database that fails at the n-th call and cuts the connection, either before it does what it was asked or after,
/// when only the answer is lost. Or something else happens there before the n-th statement.
public final class FaultyDataSource implements DataSource {
    private static final Set<Class<?>> WATCHED =
            Set.of(Connection.class, PreparedStatement.class, Statement.class, ResultSet.class);

    private final DataSource real;
    private long callsUntilFault = Long.MAX_VALUE;
    private boolean isAfterwards;
    private int statementsUntilEvent;
    private Runnable event = () -> {};

    public FaultyDataSource(DataSource real) {
        this.real = real;
    }

    /// The n-th call from now on fails; no other does.
    public void failAt(long call, boolean afterwards) {
        callsUntilFault = call;
        isAfterwards = afterwards;
    }

    /// Before the n-th statement from now on this happens, on other connections.
    public void beforeStatement(int statement, Runnable happens) {
        statementsUntilEvent = statement;
        event = happens;
    }

    /// Whether the fault that was ordered is still to come; it is then called off.
    public boolean callOff() {
        boolean isToCome = callsUntilFault > 0;
        callsUntilFault = Long.MAX_VALUE;
        return isToCome;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var none = new Connection[1];
        return (Connection)
                faulty(
                        none,
                        () -> {
                            none[0] = real.getConnection();
                            return watch(none, Connection.class, none[0]);
                        });
    }

    private Object watch(Connection[] connection, Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                type.getClassLoader() == null ? getClass().getClassLoader() : type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> {
                    if (method.getName().startsWith("execute") && --statementsUntilEvent == 0) {
                        event.run();
                    }
                    Object result =
                            isLocal(method)
                                    ? invoke(target, method, arguments)
                                    : faulty(connection, () -> invoke(target, method, arguments));
                    Class<?> returned = method.getReturnType();
                    return result != null && WATCHED.contains(returned)
                            ? watch(connection, returned, result)
                            : result;
                });
    }

    /// Preparing, filling in and reading what has arrived ask nothing of the server, and leaving is no step.
    private static boolean isLocal(Method method) {
        String name = method.getName();
        boolean isLeaving = name.equals("close") || name.equals("free");
        boolean isFilling =
                (name.startsWith("set") && !name.equals("setAutoCommit"))
                        || name.startsWith("prepare")
                        || name.startsWith("create")
                        || name.equals("addBatch");
        boolean isReading =
                name.startsWith("get") || name.startsWith("was") || name.equals("isValid");
        return isLeaving || isFilling || isReading;
    }

    private Object faulty(Connection[] connection, Call call) throws SQLException {
        callsUntilFault--;
        if (callsUntilFault != 0) {
            return call.make();
        }
        if (isAfterwards) {
            call.make();
        }
        if (connection[0] != null) {
            connection[0].abort(Runnable::run);
        }
        throw new SQLException("the connection was cut", "08006");
    }

    private static Object invoke(Object target, Method method, Object[] arguments)
            throws SQLException {
        try {
            Object[] real = arguments == null ? new Object[0] : arguments;
            return method.invoke(target, real);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Call {
        Object make() throws SQLException;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new UnsupportedOperationException();
    }

    @Override
    public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
