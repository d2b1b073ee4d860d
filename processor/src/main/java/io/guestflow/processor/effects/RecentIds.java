package io.guestflow.processor.effects;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/**
 * The last so many ids that were put in.
 *
 * <p>Threading: any thread.
 */
final class RecentIds {
    private final int capacity;
    private final Set<String> ids = new HashSet<>();
    private final Queue<String> oldestFirst = new ArrayDeque<>();

    RecentIds(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, is " + capacity);
        }
        this.capacity = capacity;
    }

    synchronized void add(String id) {
        if (!ids.add(id)) {
            return;
        }
        oldestFirst.add(id);
        if (oldestFirst.size() > capacity) {
            ids.remove(oldestFirst.remove());
        }
    }

    synchronized boolean contains(String id) {
        return ids.contains(id);
    }
}
