package io.guestflow.processor.timers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Real Kafka Streams stores for tests of timers. */
final class TimerStores {
    private TimerStores() {}

    static KeyValueStore<Bytes, byte[]> inMemory() {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("timers"), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    /** Whether the store holds anything besides the cursor. */
    static boolean holdsTimers(KeyValueStore<Bytes, byte[]> store) {
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                if (all.next().key.get().length > Long.BYTES) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A store whose scans are counted. */
    record Counting(KeyValueStore<Bytes, byte[]> store, AtomicLong count, AtomicLong from) {
        long scans() {
            return count.get();
        }

        long scannedFromMs() {
            return from.get();
        }
    }

    @SuppressWarnings("unchecked")
    static Counting counting(KeyValueStore<Bytes, byte[]> store) {
        AtomicLong count = new AtomicLong();
        AtomicLong from = new AtomicLong();
        KeyValueStore<Bytes, byte[]> counted = (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                TimerStores.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("range")) {
                        count.incrementAndGet();
                        from.set(ByteBuffer.wrap(((Bytes) arguments[0]).get()).getLong());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        return new Counting(counted, count, from);
    }
}
