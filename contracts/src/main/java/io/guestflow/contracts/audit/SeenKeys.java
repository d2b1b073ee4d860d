package io.guestflow.contracts.audit;

/**
 * Which keys there were, by 64 bits of each: open addressing, 11 to 22 bytes a key.
 *
 * <p>Threading: one thread.
 */
final class SeenKeys {
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 30;

    /** 0 is a slot that is free. */
    private long[] slots = new long[FIRST_SLOTS];

    private int size;

    /** Whether the key is new. */
    boolean add(String key) {
        if (size >= slots.length / 4 * 3 && slots.length < MOST_SLOTS) {
            grow();
        }
        if (size == slots.length - 1) {
            throw new IllegalStateException("a partition of more than a billion records is too large to be checked");
        }
        boolean added = put(slots, hash(key));
        if (added) {
            size++;
        }
        return added;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        for (long hash : slots) {
            if (hash != 0) {
                put(larger, hash);
            }
        }
        slots = larger;
    }

    private static boolean put(long[] into, long hash) {
        int at = (int) (hash >>> 32) & (into.length - 1);
        while (into[at] != 0) {
            if (into[at] == hash) {
                return false;
            }
            at = (at + 1) & (into.length - 1);
        }
        into[at] = hash;
        return true;
    }

    /** FNV-1a over the text's units, and a finish by which every bit counts. Ids are hashes already. */
    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
