package io.walnut.tck.kit;

import io.walnut.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A mistake that a codec can make, and the rule that has to catch it. */
enum Flaw {
    CLAIMS_A_RESERVED_ID("C102") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public int id() {
                    return 3;
                }
            };
        }
    },
    FORGETS_THE_ARRAY_OFFSET("C111") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void compress(ByteBuffer plain, ByteBuffer target) {
                    ByteBuffer wrong = plain.hasArray()
                            ? ByteBuffer.wrap(plain.array(), plain.position(), plain.remaining())
                            : plain;
                    super.compress(wrong, target);
                    plain.position(plain.limit());
                }
            };
        }
    },
    FORGETS_TO_MOVE_THE_POSITION("C112") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    super.decompress(compressed, target.duplicate());
                }
            };
        }
    },
    ASKS_FOR_TOO_LITTLE_ROOM("C113") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public int maxCompressedBytes(int plainBytes) {
                    return plainBytes;
                }

                @Override
                public void compress(ByteBuffer plain, ByteBuffer target) {
                    ByteBuffer more = target.duplicate().limit(target.capacity());
                    super.compress(plain, more);
                    target.position(Math.min(more.position(), target.limit()));
                }
            };
        }
    },
    CHANGES_THE_VALUE("C114") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void compress(ByteBuffer plain, ByteBuffer target) {
                    int start = plain.position();
                    super.compress(plain, target);
                    if (start < plain.limit()) {
                        plain.put(start, (byte) 0);
                    }
                }
            };
        }
    },
    WRITES_WHAT_ONLY_IT_CAN_READ("C115") {
        @Override
        Codec codec() {
            byte mine = (byte) CREATED.getAndIncrement();
            return new DeflateCodec() {
                @Override
                public int maxCompressedBytes(int plainBytes) {
                    return super.maxCompressedBytes(plainBytes) + 1;
                }

                @Override
                public void compress(ByteBuffer plain, ByteBuffer target) {
                    super.compress(plain, target.put(mine));
                }

                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    if (!compressed.hasRemaining() || compressed.get() != mine) {
                        throw new IOException("not mine");
                    }
                    super.decompress(compressed, target);
                }
            };
        }
    },
    READS_BEYOND_THE_LIMIT("C121") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    try {
                        super.decompress(compressed.duplicate(), target.duplicate());
                    } catch (IOException e) {
                        int further = Math.min(compressed.limit() + 1, compressed.capacity());
                        super.decompress(compressed.duplicate().limit(further), target.duplicate());
                    }
                    compressed.position(compressed.limit());
                    target.position(target.limit());
                }
            };
        }
    },
    IGNORES_BYTES_BEHIND_THE_END("C122") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    ByteBuffer all = compressed.duplicate();
                    try {
                        super.decompress(all, target);
                    } catch (IOException e) {
                        if (target.hasRemaining() || !all.hasRemaining()) {
                            throw e;
                        }
                    }
                    compressed.position(compressed.limit());
                }
            };
        }
    },
    WRITES_BEYOND_THE_LIMIT("C123") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    ByteBuffer more = target.duplicate().limit(Math.min(target.limit() + 1, target.capacity()));
                    try {
                        super.decompress(compressed, more);
                    } catch (IOException e) {
                        if (more.position() != target.limit()) {
                            throw e;
                        }
                    }
                    target.position(target.limit());
                }
            };
        }
    },
    TAKES_A_PREFIX("C123") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    try {
                        super.decompress(compressed, target);
                    } catch (IOException e) {
                        if (target.hasRemaining()) {
                            throw e;
                        }
                    }
                }
            };
        }
    },
    LEAVES_A_GAP("C124") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    try {
                        super.decompress(compressed, target);
                    } catch (IOException e) {
                        if (compressed.hasRemaining()) {
                            throw e;
                        }
                    }
                    target.position(target.limit());
                }
            };
        }
    },
    DECOMPRESSES_IT_ALL_BEFORE_IT_LOOKS("C125") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    ByteBuffer all = ByteBuffer.allocate(64);
                    while (!fits(compressed, all)) {
                        all = ByteBuffer.allocate(2 * all.capacity());
                    }
                    super.decompress(compressed, target);
                }

                private static boolean fits(ByteBuffer compressed, ByteBuffer all) throws IOException {
                    Inflater inflater = new Inflater(true);
                    try {
                        inflater.setInput(compressed.duplicate());
                        while (inflater.inflate(all) > 0) {
                            // until it is full or nothing comes any more
                        }
                        return all.hasRemaining();
                    } catch (DataFormatException e) {
                        throw new IOException("not deflated", e);
                    } finally {
                        inflater.end();
                    }
                }
            };
        }
    },
    THROWS_WHAT_IT_LIKES("C126") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) {
                    try {
                        super.decompress(compressed, target);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }
    },
    FAILS_FOR_EVER_AFTER("C128") {
        @Override
        Codec codec() {
            return new DeflateCodec() {
                private boolean broken;

                @Override
                public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                    try {
                        if (broken) {
                            throw new IOException("broken before");
                        }
                        super.decompress(compressed, target);
                    } catch (IOException e) {
                        broken = true;
                        throw e;
                    }
                }
            };
        }
    },
    BELONGS_TO_ITS_THREAD("C131") {
        @Override
        Codec codec() {
            Thread owner = Thread.currentThread();
            return new DeflateCodec() {
                @Override
                public void compress(ByteBuffer plain, ByteBuffer target) {
                    if (Thread.currentThread() != owner) {
                        throw new IllegalStateException("not the thread that made it");
                    }
                    super.compress(plain, target);
                }
            };
        }
    };

    private static final AtomicInteger CREATED = new AtomicInteger();

    private final String rule;

    Flaw(String rule) {
        this.rule = rule;
    }

    abstract Codec codec();

    String rule() {
        return rule;
    }
}
