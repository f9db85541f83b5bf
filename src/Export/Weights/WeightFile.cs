using GanPipeline.Inference;

namespace GanPipeline.Export;

/// <summary>A file of weights, of any format.</summary>
internal abstract class WeightFile(FileStream? stream) : IDisposable
{
    /// <summary>What the format is called.</summary>
    public abstract string Format { get; }

    /// <summary>The tensors that have names, in the file's order.</summary>
    public abstract IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>Is told all that will be asked for.</summary>
    public virtual void Expect(IReadOnlyList<WeightTarget> targets) { }

    /// <summary>
    /// A tensor of the module that no name leads to, from what is known of its layer: ONNX files have weights in other forms.
    /// </summary>
    public virtual WeightTensor? Find(WeightTarget target) => null;

    /// <summary>The tensor that has a target's name, in the form that the target's layer has it.</summary>
    public virtual WeightTensor Adapt(WeightTensor tensor, WeightTarget target) => tensor;

    /// <summary>What a user should know, given the module's names that were not found.</summary>
    public virtual IEnumerable<string> Notes(IReadOnlyList<WeightTarget> missing) => [];

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream?.Dispose();

    /// <summary>Opens a file by its content.</summary>
    /// <exception cref="ModelException">It is missing, damaged, or of another format.</exception>
    public static WeightFile Open(string path, WeightOptions options)
    {
        if (Directory.Exists(path)) throw new ModelException($"'{path}' is a folder; name the file of weights in it.");
        if (!File.Exists(path)) throw new ModelException($"There is no file '{path}'.");
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            var start = new byte[16];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            stream.Position = 0;
            if (TorchArchive.Is(start)) return new TorchArchive(stream, options);
            if (TorchLegacyFile.Is(start)) return new TorchLegacyFile(stream, options);
            if (SafeTensorsWeights.Is(start)) return new SafeTensorsWeights(stream);
            stream.Dispose();
            return OnnxWeights.Open(path, start, options);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (Explained(path, e) is { } explained) throw explained;
            throw;
        }
    }

    /// <summary>The exception for a user where a file is damaged or cannot be read; null for any other.</summary>
    public static ModelException? Explained(string path, Exception e) => e switch
    {
        InvalidDataException => new($"'{path}' cannot be used: {e.Message.TrimEnd('.')}.", e),
        EndOfStreamException => new($"'{path}' is cut short.", e),
        IOException or UnauthorizedAccessException => new($"'{path}' cannot be read: {e.Message}", e),
        _ => null,
    };
}
