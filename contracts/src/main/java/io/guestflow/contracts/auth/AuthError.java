package io.guestflow.contracts.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem.Defect;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, told to the caller.
 *
 * @param code the cause; {@code httpStatus} and {@code retryable} follow from it
 * @param message for a person; never a piece of the request
 * @param retryAfterSeconds when to try again, for causes that know it
 */
public record AuthError(
        ErrorCode code,
        int httpStatus,
        String message,
        boolean retryable,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer retryAfterSeconds) {
    /** The longest message, in characters. */
    public static final int MAX_MESSAGE = 4096;

    static final int MAX_RETRY_AFTER_SECONDS = 3600;

    /** With what follows from the code. */
    public static AuthError of(ErrorCode code, String message, @Nullable Integer retryAfterSeconds) {
        return new AuthError(code, code.httpStatus(), message, code.retryable(), retryAfterSeconds);
    }

    /** Reads the object of that name. */
    public static AuthError read(Fields in) {
        int before = in.problems().size();
        ErrorCode code = in.oneOf("code", ErrorCode.class);
        AuthError error = new AuthError(
                code,
                in.httpStatus("httpStatus"),
                in.text("message", MAX_MESSAGE),
                in.flag("retryable"),
                retryAfterSeconds(in));
        boolean whole = in.problems().size() == before;
        if (whole && (error.httpStatus != code.httpStatus() || error.retryable != code.retryable())) {
            in.problem("code", Defect.WRONG, "must agree with httpStatus and retryable");
        }
        return error;
    }

    /** Reads the optional field of that name, which outcomes have too. */
    public static @Nullable Integer retryAfterSeconds(Fields in) {
        Long seconds = in.optionalWhole("retryAfterSeconds", 0, MAX_RETRY_AFTER_SECONDS);
        return seconds == null ? null : seconds.intValue();
    }
}
