package io.guestflow.processor.audit;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Salts for the hashes of contents: 16 random bytes, as base64url. Nothing else leads to one, no key either: with its
 * record's salt erased, nobody can tell a content by its hash any more.
 *
 * <p>Threading: any thread.
 */
public final class RandomSalts implements Supplier<String> {
    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    /** From the platform's source. */
    public RandomSalts() {}

    @Override
    public String get() {
        byte[] salt = new byte[BYTES];
        random.nextBytes(salt);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
    }
}
