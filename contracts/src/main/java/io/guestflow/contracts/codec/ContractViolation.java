package io.guestflow.contracts.codec;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A value that is not what its contract says. Names everything that is wrong with it at once, and never quotes it: the
 * message is fit for a log, a dead letter and an answer to a stranger.
 */
public final class ContractViolation extends RuntimeException {
    private final String schema;
    private final List<Problem> problems;

    /** For the value of one record: {@code problems} has at least one entry. */
    public ContractViolation(String schema, List<Problem> problems) {
        super(schema + ": " + problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.schema = schema;
        this.problems = List.copyOf(problems);
    }

    /** The contract that was missed, such as {@code guest-auth-request/1}. */
    public String schema() {
        return schema;
    }

    /** All that is wrong, in the order in which the contract names its fields. */
    public List<Problem> problems() {
        return problems;
    }
}
