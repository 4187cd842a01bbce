-- What an operator decided that the pool itself would not have done: which server is lost, which records are given up.
CREATE TABLE operator_action (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at   timestamptz NOT NULL,
    who  text        NOT NULL CHECK (who <> ''),
    what text        NOT NULL CHECK (what <> '')
);

CREATE TRIGGER operator_action_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_action
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
