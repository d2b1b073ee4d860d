package io.guestflow.processor.facts;

import javax.crypto.spec.SecretKeySpec;

/** A secret that references are made with. Its id stands in front of every reference, so that keys can be rotated. */
public final class RefKey {
    private final String id;
    private final SecretKeySpec secret;

    /** A key of at least 32 bytes; the bytes are copied. */
    public RefKey(String id, byte[] secret) {
        this.id = id;
        this.secret = new SecretKeySpec(secret, GuestRefs.ALGORITHM);
    }

    String id() {
        return id;
    }

    SecretKeySpec secret() {
        return secret;
    }

    @Override
    public String toString() {
        return "RefKey[" + id + "]";
    }
}
