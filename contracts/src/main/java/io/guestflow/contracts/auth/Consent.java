package io.guestflow.contracts.auth;

import io.guestflow.contracts.codec.Fields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the guest agreed to.
 *
 * @param accepted whether the guest accepted
 * @param timestamp when; in a request it defaults to the record's time
 * @param policyVersion of what; in a request it defaults to a setting
 */
public record Consent(
        boolean accepted,
        @Nullable Instant timestamp,
        @Nullable String policyVersion) {
    /** The longest policy version, in characters. */
    public static final int MAX_POLICY_VERSION = 64;

    /** Reads the object of that name. */
    public static Consent read(Fields in) {
        return new Consent(
                in.flag("accepted"),
                in.optionalTime("timestamp"),
                in.optionalText("policyVersion", MAX_POLICY_VERSION));
    }
}
