package io.guestflow.processor.facts;

import io.guestflow.contracts.facts.Source;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Ids of facts and of what sessions ask of CXone: opaque, the same when the same thing is decided again after a crash,
 * never the same for two things.
 */
public final class FactIds {
    private static final int LENGTH = 22;

    private FactIds() {}

    /**
     * The id of a thing of that kind.
     *
     * @param ordinal 0 for what a record caused; for what a timer caused, the generation of the timer, from 1 on
     */
    public static String of(String kind, Source source, long ordinal) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(LengthPrefixed.of(
                            kind,
                            source.topic(),
                            Integer.toString(source.partition()),
                            Long.toString(source.offset()),
                            Long.toString(ordinal)));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }
}
