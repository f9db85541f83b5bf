using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>Explains what is wrong with a file that should be a model.</summary>
/// <param name="Name">Its name in errors: the path.</param>
/// <param name="Start">Its first bytes.</param>
/// <param name="Length">Its size in bytes.</param>
internal sealed record ModelFile(string Name, byte[] Start, long Length)
{
    // The first field of a ModelProto as every exporter writes it: field 1 (ir_version), a varint.
    private const byte IrVersionTag = 0x08;

    private const int StartLength = 16;

    /// <exception cref="ModelException">There is no such file, or it cannot be read.</exception>
    public static ModelFile Find(string path)
    {
        if (Directory.Exists(path)) throw new ModelException($"'{path}' is a folder; name the .onnx file in it, such as generator.onnx.");
        if (!File.Exists(path)) throw new ModelException($"There is no file '{path}'.");
        try
        {
            using var stream = File.OpenRead(path);
            var start = new byte[StartLength];
            return new ModelFile(path, start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)], stream.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    public static ModelFile InMemory(byte[] bytes) =>
        new("(a model in memory)", bytes[..Math.Min(bytes.Length, StartLength)], bytes.Length);

    /// <summary>Errors that can be found without the runtime.</summary>
    public void Check()
    {
        if (Length == 0) throw new ModelException($"'{Name}' is empty; an ONNX model is needed.");
        if (Start[0] != IrVersionTag && Start[0] < 0x80 && Start.AsSpan().IndexOfAnyExceptInRange((byte)0x09, (byte)0x7E) < 0)
            throw new ModelException($"'{Name}' is not an ONNX model: it is text that starts with \"{Shown(Start)}\".");
    }

    /// <summary>The error of a session that could not be created.</summary>
    public ModelException Explain(OnnxRuntimeException e)
    {
        var reason = OnnxModel.OneLine(e.Message);
        if (!e.Message.Contains("InvalidProtobuf", StringComparison.Ordinal))
            return new ModelException($"ONNX Runtime {OrtEnv.Instance().GetVersionString()} cannot use '{Name}' ({Length:N0} bytes): " +
                $"{reason}", e);
        return Start[0] == IrVersionTag
            ? new ModelException($"'{Name}' starts like an ONNX model but is damaged or cut short at {Length:N0} bytes; export or copy " +
                "it again.", e)
            : new ModelException($"'{Name}' ({Length:N0} bytes) is not an ONNX model.", e);
    }

    private static string Shown(byte[] start) => string.Concat(start.Select(b => b < 0x20 ? ' ' : (char)b)).Trim();
}
