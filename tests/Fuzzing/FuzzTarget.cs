namespace GanPipeline.Fuzzing;

/// <summary>A format that the product reads: valid files of it, and how the product reads one.</summary>
internal abstract class FuzzTarget
{
    private IReadOnlyList<(string Name, byte[] Bytes)>? _files;

    public abstract string Name { get; }

    /// <summary>Pieces that mean something in the format, which mutations insert.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>Valid files, and from the corpus/ folder those that the product once failed on.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Files => _files ??=
    [
        .. Valid(),
        .. Corpus is { } folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))
            : [],
    ];

    /// <summary>The folder of the inputs that the product once failed on.</summary>
    public string Corpus => Path.Combine(AppContext.BaseDirectory, "corpus", Name);

    /// <summary>The input that a seed makes, under the name that its format needs. The first seeds are the files as they are.</summary>
    public (string Name, byte[] Bytes) Input(long seed)
    {
        if (seed < Files.Count) return Files[(int)seed];
        var random = new Random((int)(seed ^ (seed >> 32)));
        var file = Files[random.Next(Files.Count)];
        return (file.Name, Mutated(file.Bytes, Files[random.Next(Files.Count)].Bytes, random));
    }

    /// <summary>Reads an input as the product does. Throws what the product throws.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="name">The input's file name.</param>
    /// <param name="bytes">Its content.</param>
    public abstract void Read(string folder, string name, byte[] bytes);

    /// <summary>Whether the exception is one that tells a user what is wrong with the input.</summary>
    public abstract bool IsAnswer(Exception e);

    protected abstract IEnumerable<(string Name, byte[] Bytes)> Valid();

    /// <summary>A file with changes that the generator decides.</summary>
    protected virtual byte[] Mutated(byte[] file, byte[] other, Random random) => Mutations.Of(file, other, Tokens, random);

    protected static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
