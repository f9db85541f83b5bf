using Google.Protobuf;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>An ONNX file that was read, checked, and is whole in memory.</summary>
/// <param name="Name">Its name in errors: the path.</param>
/// <param name="Model">What is in it.</param>
/// <param name="Bytes">The same, as ONNX Runtime takes it.</param>
/// <param name="Peak">Bytes between its layers for one image; see <see cref="GraphCheck"/>.</param>
internal sealed record ModelContent(string Name, ModelProto Model, byte[] Bytes, long Peak)
{
    // The first field of a ModelProto as every exporter writes it: field 1 (ir_version), a varint.
    private const byte IrVersionTag = 0x08;

    private const int StartLength = 16;

    /// <summary>Reads a file, with the files of weights beside it.</summary>
    /// <exception cref="ModelException">There is no such file, it is no model, or one that is not to be run.</exception>
    public static ModelContent Read(string path, long memoryLimit)
    {
        if (Directory.Exists(path)) throw new ModelException($"'{path}' is a folder; name the .onnx file in it, such as generator.onnx.");
        if (!File.Exists(path)) throw new ModelException($"There is no file '{path}'.");
        try
        {
            return Read(path, File.ReadAllBytes(path), path, memoryLimit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A model that is in memory.</summary>
    /// <exception cref="ModelException">It is no model, or one that is not to be run.</exception>
    public static ModelContent Read(string name, byte[] bytes, long memoryLimit) => Read(name, bytes, path: null, memoryLimit);

    /// <summary>Reads a file, with the files of weights beside it, that nothing is going to run.</summary>
    /// <exception cref="ModelException">There is no such file, it is no model, or its weights are not where it says.</exception>
    public static ModelProto ReadWeights(string path)
    {
        try
        {
            var model = Parse(path, File.ReadAllBytes(path));
            ExternalData.TakeIn(model, path);
            return model;
        }
        catch (GraphProblemException e)
        {
            throw new ModelException($"'{path}' is refused: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The same model after a change.</summary>
    public ModelContent Changed() => this with { Bytes = Model.ToByteArray() };

    private static ModelContent Read(string name, byte[] bytes, string? path, long memoryLimit)
    {
        var model = Parse(name, bytes);
        try
        {
            if (ExternalData.TakeIn(model, path)) bytes = model.ToByteArray();
            return new ModelContent(name, model, bytes, GraphCheck.Check(model, memoryLimit));
        }
        catch (GraphProblemException e)
        {
            throw new ModelException($"'{name}' is refused: {e.Message}", e);
        }
    }

    private static ModelProto Parse(string name, byte[] bytes)
    {
        if (bytes.Length == 0) throw new ModelException($"'{name}' is empty; an ONNX model is needed.");
        var start = bytes.AsSpan(0, Math.Min(bytes.Length, StartLength));
        if (start[0] != IrVersionTag && start[0] < 0x80 && start.IndexOfAnyExceptInRange((byte)0x09, (byte)0x7E) < 0)
            throw new ModelException($"'{name}' is not an ONNX model: it is text that starts with \"{Shown(start)}\".");
        try
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            return model.Graph is not null ? model : throw NoModel(name, bytes, null);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw NoModel(name, bytes, e);
        }
    }

    private static ModelException NoModel(string name, byte[] bytes, Exception? cause)
    {
        var message = bytes[0] == IrVersionTag
            ? $"'{name}' starts like an ONNX model but is damaged or cut short at {bytes.Length:N0} bytes; export or copy it again."
            : $"'{name}' ({bytes.Length:N0} bytes) is not an ONNX model.";
        return cause is null ? new ModelException(message) : new ModelException(message, cause);
    }

    private static string Shown(ReadOnlySpan<byte> start) =>
        string.Concat(start.ToArray().Select(b => b < 0x20 ? ' ' : (char)b)).Trim();
}
