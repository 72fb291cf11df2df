package io.walnut.tck.disk;

/** What an operation does to a model: the same to the one that is used and to one on which it is done again. */
@FunctionalInterface
interface Change {
    Change NOTHING = (model, operation) -> {};

    void apply(DiskModel model, int operation);
}
