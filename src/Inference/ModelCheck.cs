namespace GanPipeline.Inference;

/// <summary>Looks at an ONNX file before anything runs it.</summary>
public static class ModelCheck
{
    /// <summary>
    /// Reads an ONNX file, and the files of weights beside it, and refuses what would crash ONNX Runtime (such as a convolution of 0
    /// groups), what needs more memory than allowed, and weights that are NaN. All that opens models here asks it first; applications that
    /// run foreign files with ONNX Runtime themselves can do so, too.
    /// </summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="memoryLimit">As <see cref="ModelOptions.MemoryLimit"/>; null takes its default.</param>
    /// <returns>Bytes that the network needs between its layers for one image, as far as they follow from the file.</returns>
    /// <exception cref="ModelException">No such file, no ONNX model, or one that is not to be run; the message says why.</exception>
    public static long Require(string path, long? memoryLimit = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return ModelContent.Read(path, memoryLimit ?? new ModelOptions().MemoryLimit).Peak;
    }

    /// <summary>The same for a model in memory, which must have its weights in it.</summary>
    /// <param name="bytes">An ONNX file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="memoryLimit">As <see cref="ModelOptions.MemoryLimit"/>; null takes its default.</param>
    /// <returns>As <see cref="Require(string, long?)"/>.</returns>
    /// <exception cref="ModelException">As <see cref="Require(string, long?)"/>.</exception>
    public static long Require(byte[] bytes, string name, long? memoryLimit = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return ModelContent.Read(name, bytes, memoryLimit ?? new ModelOptions().MemoryLimit).Peak;
    }
}
