package io.guestflow.processor.audit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Where the start has found the ends of the chains. That a chain may go on without its state holds until its end is kept:
 * what is lost after that is lost once more, and nobody has allowed it.
 *
 * <p>Threading: any thread.
 */
final class ChainEnds {
    private final Supplier<Map<Integer, ChainEnd>> found;
    /** By partition, what was found when the chain's end was kept: another start may find it lost again. */
    private final Map<Integer, ChainEnd> kept = new ConcurrentHashMap<>();

    ChainEnds(Supplier<Map<Integer, ChainEnd>> found) {
        this.found = found;
    }

    Optional<ChainEnd> of(int partition) {
        return Optional.ofNullable(found.get().get(partition))
                .map(end -> end.equals(kept.get(partition)) ? end.kept() : end);
    }

    /** The chain's state goes as far as its end, or farther, and that is committed. */
    void kept(int partition) {
        ChainEnd end = found.get().get(partition);
        if (end != null) {
            kept.put(partition, end);
        }
    }
}
