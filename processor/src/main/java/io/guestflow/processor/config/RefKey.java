package io.guestflow.processor.config;

import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * One HMAC-SHA-256 key that turns guest ids into references, and the id that says which key made a reference.
 *
 * @param id 1 to 16 letters, digits, {@code _} or {@code -}
 * @param key at least 32 bytes (RFC 2104 wants a key no shorter than the hash)
 */
public record RefKey(String id, SecretKey key) {
    static final int MIN_BYTES = 32;

    static RefKey of(String id, byte[] key) {
        return new RefKey(id, new SecretKeySpec(key, "HmacSHA256"));
    }

    static byte[] decode(String base64) {
        // Both alphabets: openssl writes +/, many secret stores write -_.
        return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
    }

    @Override
    public String toString() {
        return "RefKey[id=" + id + ", key=" + Secret.MASK + "]";
    }
}
