package io.guestflow.processor.runtime;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.apache.kafka.streams.state.internals.BlockBasedTableConfigWithAccessibleCache;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on the memory of all state stores of the process. Kafka Streams' defaults are 50 MiB of cache and 48 MiB of
 * write buffers for each store of each partition; here all share one cache, which write buffers, indexes and filters are
 * charged to. The cache's capacity is not strict: a strict one fails writes when the write buffers fill it.
 *
 * <p>Threading: RocksDB calls it from any stream thread; the shared cache is made once.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** The setting, in bytes; read by the first store that opens. */
    public static final String MEMORY_CONFIG = "guestflow.rocksdb.memory";

    private static final long WRITE_BUFFER = 4L << 20;
    /**
     * What a store that holds some records takes of the write buffers. RocksDB's default is an eighth of the buffer: with
     * the stores of 12 partitions that is more than all may use, and they are flushed with hardly anything in them.
     */
    private static final long ARENA_BLOCK = 32L << 10;

    /** At the bound for all, a store may be told to begin another buffer while two wait to be flushed: it must not stand. */
    private static final int WRITE_BUFFERS = 4;

    private static final long BLOCK = 16L << 10;
    /** What of the cache indexes and filters have for themselves: data that is read once must not drive them out. */
    private static final double HIGH_PRIORITY = 0.5;

    private static final int SHARDS_BY_SIZE = -1;
    /** Most of what is looked for there is not there; segments of a window store are called by it and a number. */
    private static final String MOSTLY_MISSED = "known-facts";

    private static @Nullable Shared shared;

    /** Lives as long as the process: stores of all tasks come and go in it. */
    private record Shared(Cache cache, WriteBufferManager writeBuffers) {
        static Shared of(long bytes) {
            Cache cache = new LRUCache(bytes, SHARDS_BY_SIZE, false, HIGH_PRIORITY);
            return new Shared(cache, new WriteBufferManager(bytes / 2, cache));
        }
    }

    /**
     * Unpacks and links RocksDB's library: half a second that can pass beside other work. The first store to open would do
     * it otherwise, and finds again what fails here.
     */
    public static void loadLibrary() {
        RocksDB.loadLibrary();
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (!(configs.get(MEMORY_CONFIG) instanceof Number bytes)) {
            throw new IllegalArgumentException(MEMORY_CONFIG + " must be a number of bytes");
        }
        Shared bound = shared(bytes.longValue());
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        if (table instanceof BlockBasedTableConfigWithAccessibleCache streams) {
            // Kafka Streams has made a cache for this store already, and would keep it.
            Cache own = streams.blockCache();
            table.setBlockCache(bound.cache());
            own.close();
        }
        table.setBlockCache(bound.cache());
        table.setBlockSize(BLOCK);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(bound.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER);
        options.setArenaBlockSize(ARENA_BLOCK);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        if (storeName.startsWith(MOSTLY_MISSED)) {
            // Kafka Streams has no filter made for the last level, where nearly everything is.
            options.setOptimizeFiltersForHits(false);
        }
        // Kafka Streams opens each store twice at a start. RocksDB would begin and end 16 threads each time to open the
        // few files that there are, and read their properties to choose compactions by.
        options.setMaxFileOpeningThreads(1);
        options.setSkipStatsUpdateOnDbOpen(true);
    }

    @Override
    public void close(String storeName, Options options) {
        // Cache and write buffers are shared: they outlive every store.
    }

    private static synchronized Shared shared(long bytes) {
        if (shared == null) {
            shared = Shared.of(bytes);
        }
        return shared;
    }
}
