using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference.Internals;

/// <summary>What is wrong with a file that should be a model, in words.</summary>
internal static class ModelFile
{
    // The first field of a ModelProto as every exporter writes it: field 1 (ir_version), a varint.
    private const byte IrVersionTag = 0x08;

    /// <summary>Errors that need no runtime to be seen.</summary>
    public static void Check(string path)
    {
        if (Directory.Exists(path)) throw new ModelException($"'{path}' is a folder; name the .onnx file in it, such as generator.onnx.");
        if (!File.Exists(path)) throw new ModelException($"There is no file '{path}'.");
        byte[] start = Start(path);
        if (start.Length == 0) throw new ModelException($"'{path}' is empty; an ONNX model is needed.");
        if (start[0] != IrVersionTag && start[0] < 0x80 && start.AsSpan().IndexOfAnyExceptInRange((byte)0x09, (byte)0x7E) < 0)
            throw new ModelException($"'{path}' is not an ONNX model: it is text that starts with \"{Shown(start)}\".");
    }

    /// <summary>The error of a session that could not be made.</summary>
    public static ModelException Explain(string path, OnnxRuntimeException e)
    {
        string reason = OnnxModel.OneLine(e.Message);
        long length = new FileInfo(path).Length;
        if (!e.Message.Contains("InvalidProtobuf", StringComparison.Ordinal))
            return new ModelException($"ONNX Runtime {OrtEnv.Instance().GetVersionString()} cannot use '{path}' ({length:N0} bytes): {reason}", e);
        return Start(path)[0] == IrVersionTag
            ? new ModelException($"'{path}' starts like an ONNX model but is damaged or cut short at {length:N0} bytes; export or copy it again.", e)
            : new ModelException($"'{path}' ({length:N0} bytes) is not an ONNX model.", e);
    }

    private static byte[] Start(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            var start = new byte[16];
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static string Shown(byte[] start) => string.Concat(start.Select(b => b < 0x20 ? ' ' : (char)b)).Trim();
}
