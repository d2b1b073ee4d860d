package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

class BoundedRocksDbTest {
    /** As many as the applications of one process have with 12 partitions. */
    private static final int STORES = 72;

    private static final long MEMORY = 64L << 20;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private final List<RocksDB> stores = new ArrayList<>();
    private final List<Options> options = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(RocksDB::close);
        options.forEach(Options::close);
    }

    /** Each flush is a file, and its part of a compaction later. */
    @Test
    void manyStoresWithLittleInThemAreNotFlushed() throws RocksDBException {
        BoundedRocksDb.loadLibrary();
        for (int store = 0; store < STORES; store++) {
            stores.add(open("store-" + store));
        }

        for (int round = 0; round < ROUNDS; round++) {
            byte[] key = key(round);
            for (RocksDB store : stores) {
                store.put(key, new byte[500]);
            }
        }

        long files = 0;
        for (RocksDB store : stores) {
            files += store.getLongProperty("rocksdb.num-immutable-mem-table-flushed")
                    + Long.parseLong(store.getProperty("rocksdb.num-files-at-level0"));
        }
        assertEquals(0, files, "less than a MiB of records fits into what write buffers may use");
    }

    /** Of facts that come, nearly all are new: each would be looked for in a block on the disk, for every period. */
    @Test
    void whatIsNotKnownIsAnsweredByAFilter() throws RocksDBException {
        BoundedRocksDb.loadLibrary();
        assertTrue(missesAnsweredByAFilter("known-facts.388800000") > 900);
        assertEquals(0, missesAnsweredByAFilter("others"), "as Kafka Streams has it, which this test would not see");
    }

    /** Of a thousand, in a store that is compacted whole. */
    private long missesAnsweredByAFilter(String name) throws RocksDBException {
        try (Statistics statistics = new Statistics()) {
            RocksDB store = open(name, statistics);
            stores.add(store);
            for (int i = 0; i < 1_000; i++) {
                store.put(key(2 * i), new byte[8]);
            }
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                store.flush(flush);
            }
            store.compactRange();
            for (int i = 0; i < 1_000; i++) {
                assertNull(store.get(key(2 * i + 1)));
            }
            return statistics.getTickerCount(TickerType.BLOOM_FILTER_USEFUL);
        }
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private RocksDB open(String name) throws RocksDBException {
        return open(name, null);
    }

    /** With what Kafka Streams has set before. */
    private RocksDB open(String name, @Nullable Statistics statistics) throws RocksDBException {
        Options own = new Options()
                .setCreateIfMissing(true)
                .setOptimizeFiltersForHits(true)
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(new BloomFilter()));
        if (statistics != null) {
            own.setStatistics(statistics);
        }
        options.add(own);
        new BoundedRocksDb().setConfig(name, own, Map.of(BoundedRocksDb.MEMORY_CONFIG, MEMORY));
        return RocksDB.open(own, directory.resolve(name).toString());
    }
}
