package io.guestflow.processor.facts;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed references: they stand for a guest or a request where the id itself must not. {@code keyId.} and 22 characters
 * (132 bits) of base64url(HMAC-SHA-256).
 *
 * <p>Threading: immutable, may be shared.
 */
public final class GuestRefs {
    static final String ALGORITHM = "HmacSHA256";
    private static final int LENGTH = 22;

    private final String prefix;
    private final SecretKeySpec key;
    /** Never used itself: looking for the algorithm and preparing the key takes longer than a webhook's hash. */
    private final Mac prepared;

    /** References are written with this key. */
    public GuestRefs(RefKey key) {
        this.prefix = key.id() + ".";
        this.key = key.secret();
        this.prepared = prepare();
    }

    /** Stands for the guest. */
    public String guestRef(String guestId) {
        return prefix + keyed(guestId.getBytes(StandardCharsets.UTF_8));
    }

    /** Stands for a guest's request, over all its attempts. */
    public String requestRef(String guestId, String requestId) {
        return prefix + keyed(LengthPrefixed.of(guestId, requestId));
    }

    /** Tells equal contents from different ones without showing them. */
    public String contentHash(byte[] content) {
        return prefix + keyed(content);
    }

    private String keyed(byte[] message) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(fresh().doFinal(message))
                .substring(0, LENGTH);
    }

    private Mac fresh() {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException hardware) {
            // A provider need not be able to.
            return prepare();
        }
    }

    private Mac prepare() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            // Every Java platform has HmacSHA256 (java.security.Provider's requirements), and it takes any key.
            throw new IllegalStateException("HmacSHA256 is not usable on this JDK", impossible);
        }
    }
}
