package io.walnut.tck.disk;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory. It keeps what was forced apart from what was only written and logs every operation, so that {@link
 * #history} can give every state in which a crash leaves it. Deterministic and thread-safe. Closing it does nothing: it
 * can be opened again, as a directory can.
 *
 * <p>It holds its user to the port's contract: renaming an open file, mapping beyond the end of a file or a malformed name
 * is an {@link IllegalStateException}.
 */
public final class SimulatedDisk implements Storage {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private final DiskCore core;
    private final String prefix;

    /**
     * An empty disk.
     *
     * @param profile what it promises
     */
    public SimulatedDisk(DiskProfile profile) {
        this(new DiskCore(new DiskModel(profile)), "");
    }

    private SimulatedDisk(DiskCore core, String prefix) {
        this.core = core;
        this.prefix = prefix;
    }

    static SimulatedDisk of(DiskModel model) {
        return new SimulatedDisk(new DiskCore(model), "");
    }

    /**
     * A disk that holds files, all durable.
     *
     * @param profile what it promises
     * @param files contents by name
     * @return the disk
     */
    public static SimulatedDisk holding(DiskProfile profile, Map<String, byte[]> files) {
        DiskModel model = new DiskModel(profile);
        int id = 1;
        for (Map.Entry<String, byte[]> each : new TreeMap<>(files).entrySet()) {
            byte[] content = each.getValue().clone();
            model.put(each.getKey(), new Inode(id++, profile.sectorBytes(), content, content.length));
        }
        return of(model);
    }

    /** {@return what this disk promises} */
    public DiskProfile profile() {
        return core.model.profile;
    }

    /** Looks for what was stored into mapped memory, as every operation does first. */
    public void observe() {
        core.exclusively(() -> core.observe());
    }

    /** {@return how many operations there were} */
    public int operations() {
        return core.exclusively(() -> core.operations());
    }

    /** {@return the operations, oldest first} */
    public List<Operation> trace() {
        return core.exclusively(() -> core.trace());
    }

    /** {@return what happened on this disk since it was made, to go through it again} */
    public DiskHistory history() {
        return core.exclusively(() -> {
            core.observe();
            return core.history();
        });
    }

    /**
     * Has a call fail. Calls are counted anew from now on.
     *
     * @param fault what shall fail; null for nothing any more
     */
    public void inject(@Nullable Fault fault) {
        core.exclusively(() -> core.inject(fault));
    }

    /** {@return how many calls that could fail there were since a fault was injected, or since the disk was made} */
    public int calls() {
        return core.exclusively(() -> core.calls());
    }

    /** {@return the first force that failed, of a file or of the directory} */
    public Optional<Operation> failedForce() {
        return core.exclusively(() -> Optional.ofNullable(core.failedForce()));
    }

    /** {@return how many handles on files are open} */
    public int openHandles() {
        return core.exclusively(() -> core.handles());
    }

    /** {@return a new disk as a power cut leaves it now if nothing that was not forced got through} */
    public SimulatedDisk afterPowerCut() {
        return core.exclusively(() -> {
            core.observe();
            return of(core.model.durable());
        });
    }

    /** {@return a new disk as the death of the process leaves it now: all is there, forced or not} */
    public SimulatedDisk afterKill() {
        return core.exclusively(() -> {
            core.observe();
            return of(core.model.copy());
        });
    }

    /** {@return the states in which a power cut can leave it now; see {@link DiskHistory#powerCuts}} */
    public List<CrashState> powerCuts(long seed, int exhaustive, int sampled) {
        return core.exclusively(() -> {
            core.observe();
            return new PowerCuts(core.model.copy(), seed, exhaustive, sampled).states();
        });
    }

    /** {@return whether a crash can take anything that was written to the file with this name} */
    public boolean isContentPending(String name) {
        return core.exclusively(() -> {
            core.observe();
            return core.model.isContentPending(prefix + name);
        });
    }

    /** {@return whether a crash can take this name from its file} */
    public boolean isNamePending(String name) {
        return core.exclusively(() -> core.model.isNamePending(prefix + name));
    }

    /** {@return the contents of all files as readers see them, by name} */
    public Map<String, byte[]> files() {
        return core.exclusively(() -> {
            core.observe();
            Map<String, byte[]> files = new TreeMap<>();
            core.model.names.forEach(
                    (name, id) -> files.put(name, core.model.inode(id).bytes()));
            return files;
        });
    }

    @Override
    public List<String> list() throws IOException {
        return core.exclusively(() -> {
            core.perform(Operation.Kind.LIST, prefix, 0, 0, "", Change.NOTHING, Change.NOTHING);
            List<String> names = new ArrayList<>();
            for (String name : core.model.names.keySet()) {
                if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                    names.add(name.substring(prefix.length()));
                }
            }
            return names;
        });
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return core.exclusively(() -> {
            String path = path(name);
            if (core.model.names.containsKey(path)) {
                throw new FileAlreadyExistsException(path);
            }
            core.perform(
                    Operation.Kind.CREATE, path, 0, 0, "", (model, index) -> model.create(index, path), Change.NOTHING);
            return new SimulatedFile(core, name, path, existing(path), true);
        });
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return open(name, true);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return open(name, false);
    }

    private StorageFile open(String name, boolean writable) throws IOException {
        return core.exclusively(() -> {
            String path = path(name);
            core.perform(Operation.Kind.OPEN, path, 0, 0, "", Change.NOTHING, Change.NOTHING);
            return new SimulatedFile(core, name, path, existing(path), writable);
        });
    }

    private int existing(String path) throws IOException {
        Integer id = core.model.names.get(path);
        if (id == null) {
            throw new NoSuchFileException(path);
        }
        return id;
    }

    private String path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalStateException("contract: '" + name + "' is no name");
        }
        return prefix + name;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        core.exclusively(() -> {
            String path = path(from);
            String target = path(to);
            int id = existing(path);
            if (core.model.names.containsKey(target)) {
                throw new FileAlreadyExistsException(target);
            }
            if (core.isOpen(id)) {
                throw new IllegalStateException("contract: " + path + " is renamed while it is open");
            }
            String note = "-> " + target + (core.model.isContentPending(path) ? " (not forced)" : "");
            core.perform(
                    Operation.Kind.RENAME,
                    path,
                    0,
                    0,
                    note,
                    (model, index) -> model.rename(index, path, target),
                    Change.NOTHING);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        core.exclusively(() -> {
            String path = path(name);
            boolean there = core.model.names.containsKey(path);
            core.perform(
                    Operation.Kind.DELETE,
                    path,
                    0,
                    0,
                    there ? "" : "(not there)",
                    there ? (model, index) -> model.delete(index, path) : Change.NOTHING,
                    Change.NOTHING);
        });
    }

    @Override
    public void forceDirectory() throws IOException {
        core.exclusively(() -> {
            String directory = DiskModel.directoryOf(prefix);
            core.perform(
                    Operation.Kind.FORCE_DIRECTORY,
                    prefix,
                    0,
                    0,
                    "",
                    (model, index) -> model.forceDirectory(directory),
                    Change.NOTHING);
        });
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        return core.exclusively(() -> {
            core.perform(Operation.Kind.LOCK, path(name), 0, 0, "", Change.NOTHING, Change.NOTHING);
            return core.lockOnce(location());
        });
    }

    @Override
    public Storage directory(String name) {
        return new SimulatedDisk(core, path(name) + "/");
    }

    @Override
    public List<String> directories() throws IOException {
        return core.exclusively(() -> {
            core.perform(Operation.Kind.LIST, prefix, 0, 0, "", Change.NOTHING, Change.NOTHING);
            return core.model.names.keySet().stream()
                    .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) > 0)
                    .map(name -> name.substring(prefix.length(), name.indexOf('/', prefix.length())))
                    .distinct()
                    .toList();
        });
    }

    /** Directories are there as long as something is in them. */
    @Override
    public void deleteDirectory(String name) throws IOException {
        core.exclusively(() -> {
            String path = path(name) + "/";
            if (core.model.names.keySet().stream().anyMatch(each -> each.startsWith(path))) {
                throw new DirectoryNotEmptyException(path);
            }
        });
    }

    @Override
    public boolean mappable() {
        return core.model.profile.mappable();
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public String location() {
        return "a simulated disk (" + core.model.profile + ")" + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return location();
    }
}
