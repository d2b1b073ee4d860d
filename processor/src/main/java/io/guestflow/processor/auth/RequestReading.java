package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as far as it could be read: whoever's ids are readable gets an answer. */
sealed interface RequestReading {
    String requestId();

    String guestId();

    /** All as the contract says. */
    record Valid(GuestAuthRequest request) implements RequestReading {
        @Override
        public String requestId() {
            return request.requestId();
        }

        @Override
        public String guestId() {
            return request.guestId();
        }
    }

    /** Something besides the ids is wrong. */
    record Invalid(
            String requestId, String guestId, @Nullable String channelId, List<Problem> problems)
            implements RequestReading {}

    /**
     * Reads a record's value.
     *
     * @throws ContractViolation if not even the ids can be read: there is nobody to answer
     */
    static RequestReading of(byte @Nullable [] value) {
        Fields fields = GuestAuthRequest.CODEC.fields(value);
        try {
            return new Valid(GuestAuthRequest.CODEC.read(fields));
        } catch (ContractViolation violation) {
            List<Problem> problems = violation.problems();
            if (names(problems, "requestId") || names(problems, "guestId")) {
                throw violation;
            }
            return new Invalid(
                    fields.id("requestId"),
                    fields.id("guestId"),
                    names(problems, "channelId") ? null : fields.id("channelId"),
                    problems);
        }
    }

    private static boolean names(List<Problem> problems, String field) {
        return problems.stream().anyMatch(problem -> problem.field().equals(field));
    }
}
