using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: a folder of the model file's zip.</summary>
public sealed class ModelSaveContext : IDisposable
{
    /// <summary>The entry that names what wrote the folder, on two lines: the loader's name, the assembly's name.</summary>
    internal const string LoaderEntry = "loader.txt";

    private readonly ZipArchive zip;
    private readonly string folder;
    private bool isWritten;

    internal ModelSaveContext(ZipArchive zip, string folder = "")
    {
        this.zip = zip;
        this.folder = folder;
    }

    /// <summary>Says which loader reads the folder; once, before anything else is written.</summary>
    /// <typeparam name="T">The type that is registered for reading it by <see cref="Data.ModelLoaderAttribute{T}"/>.</typeparam>
    internal void SetLoader<T>() where T : Data.ILoadable
    {
        if (isWritten) throw new InvalidOperationException($"Two components write themselves into the same place of the model, {folder}");
        isWritten = true;
        var assembly = typeof(T).Assembly;
        var name = Data.ModelLoaderAttribute.NameOf(typeof(T));
        Write(LoaderEntry, writer => writer.Write(System.Text.Encoding.UTF8.GetBytes($"{name}\n{assembly.GetName().Name}\n")));
    }

    /// <summary>Writes an entry of the folder.</summary>
    internal void Write(string name, Action<BinaryWriter> write)
    {
        using var stream = zip.CreateEntry(folder + name, CompressionLevel.Fastest).Open();
        using var writer = new BinaryWriter(stream);
        write(writer);
    }

    /// <summary>Lets another component write itself into a folder below.</summary>
    /// <exception cref="InvalidOperationException">The component wrote nothing: it is not one that can be saved.</exception>
    internal void Save(string name, ICanSaveModel component)
    {
        using var context = new ModelSaveContext(zip, folder + name + "/");
        component.Save(context);
        if (!context.isWritten)
            throw new InvalidOperationException($"{component.GetType()} wrote nothing into the model. "
                + "Outside of ML.NET a transformer saves itself by handing its ModelSaveContext to the Save method of one of ML.NET's own");
    }

    public void Dispose() { }
}
