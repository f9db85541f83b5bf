using System.IO.Compression;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Where a component reads itself from: a folder of the model file's zip.</summary>
internal sealed class ModelLoadContext(MLContext environment, ZipArchive zip, string folder = "")
{
    internal MLContext Environment => environment;

    internal bool Has(string name) => zip.GetEntry(folder + name) is not null;

    /// <summary>Reads an entry of the folder.</summary>
    /// <exception cref="FormatException">There is no such entry, or it ends early.</exception>
    internal T Read<T>(string name, Func<BinaryReader, T> read)
    {
        var entry = zip.GetEntry(folder + name) ?? throw new FormatException($"The model file lacks the entry '{folder}{name}'");
        using var reader = new BinaryReader(entry.Open());
        try
        {
            return read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or OverflowException)
        {
            throw new FormatException($"The entry '{folder}{name}' of the model file is damaged", e);
        }
    }

    /// <summary>Reads the component of a folder below.</summary>
    /// <exception cref="FormatException">Its loader is not known, or it is of another type.</exception>
    internal T Load<T>(string name)
    {
        var below = new ModelLoadContext(environment, zip, folder + name + "/");
        var (loader, assembly) = below.Read(ModelSaveContext.LoaderEntry, reader =>
        {
            using var text = new StreamReader(reader.BaseStream);
            return (text.ReadLine(), text.ReadLine());
        });
        return LoaderOf(loader, assembly).Load(below) is T component ? component
            : throw new FormatException($"What '{loader}' reads from '{below.Folder}' of the model file is no {typeof(T).Name}");
    }

    private string Folder => folder;

    private static ModelLoaderAttribute LoaderOf(string name, string assembly)
    {
        var known = assembly?.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true
            ? Assembly.Load(assembly).GetCustomAttributes<ModelLoaderAttribute>() : [];
        return known.FirstOrDefault(loader => loader.Name == name)
            ?? throw new FormatException($"The model file needs '{name}' of '{assembly}', which is not known here");
    }
}
