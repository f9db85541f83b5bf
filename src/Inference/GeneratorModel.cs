using System.Buffers;
using GanPipeline.Inference.Internals;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>A generator in ONNX: latents in, images out.</summary>
/// <remarks>
/// The file has the one input <c>latent</c> float32 [N, Z] and the output <c>image</c> float32 [N, C, H, W] in [-1, 1], or
/// <c>pixels</c> uint8 [N, H, W, C], or both; N is free. Each method serves either form and converts where it must.
/// All methods may be called from several threads at once; disposing while one runs is not allowed.
/// </remarks>
public sealed class GeneratorModel : IDisposable
{
    private readonly OnnxModel model;
    private readonly TensorForm latent;
    private readonly TensorForm? image, pixels;

    private GeneratorModel(OnnxModel model)
    {
        this.model = model;
        latent = TensorForm.Find(model.Inputs, "latent", TensorElementType.Float, rank: 2) is { } found && model.Inputs.Count == 1
            ? found
            : throw model.Refuse("is no generator: it needs the one input latent float32 [N, Z], with N free.");
        image = TensorForm.Find(model.Outputs, "image", TensorElementType.Float, rank: 4);
        pixels = TensorForm.Find(model.Outputs, "pixels", TensorElementType.UInt8, rank: 4);
        if (image is null && pixels is null)
            throw model.Refuse("is no generator: it needs an output image float32 [N, C, H, W] or pixels uint8 [N, H, W, C], with N free and the others fixed.");
        (Channels, Height, Width) = image is not null ? (image[0], image[1], image[2]) : (pixels![2], pixels[0], pixels[1]);
    }

    /// <summary>Z, the values of one latent.</summary>
    public int LatentSize => latent.RowSize;

    /// <summary>C, the channels of an image: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels { get; }

    /// <summary>H, the rows of an image.</summary>
    public int Height { get; }

    /// <summary>W, the columns of an image.</summary>
    public int Width { get; }

    /// <summary>Values of one image: C * H * W.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>What the file says about itself; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    /// <summary>Where it runs: <c>cpu</c>, or <c>cuda:0</c> and so on.</summary>
    public string Device => model.Device;

    /// <summary>The most latents that enter the network at once (<see cref="ModelOptions.BatchSize"/>).</summary>
    public int BatchSize => model.BatchSize;

    /// <summary>Opens a generator.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null is all defaults.</param>
    /// <exception cref="ModelException">No such file, no ONNX model, a damaged one, one without a generator's inputs and outputs, or a GPU that cannot be used.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static GeneratorModel Load(string path, ModelOptions? options = null) => Of(OnnxModel.Load(path, options));

    /// <summary>Opens a generator that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null is all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static GeneratorModel Load(byte[] bytes, ModelOptions? options = null) => Of(OnnxModel.Load(bytes, options));

    private static GeneratorModel Of(OnnxModel model)
    {
        try
        {
            return new GeneratorModel(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Images of latents <paramref name="first"/>, <paramref name="first"/> + 1, ... of a seed (see <see cref="Latents"/>).</summary>
    /// <param name="count">How many, 0 or more. For very many, <see cref="SampleBatches"/> keeps memory flat.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first: samples 0-99 and 100-199 are together samples 0-199.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or index, or more values than one array holds.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ImageTensor Sample(int count, long seed = 0, long first = 0)
    {
        ImageTensor images = Allocate(count);
        Generate(Latents.Normal(seed, first, count, LatentSize), images.Values);
        return images;
    }

    /// <summary>The samples of <see cref="Sample"/> in a stream of batches, so that memory does not grow with their number.</summary>
    /// <param name="count">How many in all, 0 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="reuse">
    /// Whether each batch is written over the one before it, which saves allocating: then a batch is valid until the next is asked for.
    /// </param>
    /// <returns>Tensors of the options' batch size, the last one smaller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or index.</exception>
    public IEnumerable<ImageTensor> SampleBatches(long count, long seed = 0, long first = 0, bool reuse = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return Batches();

        IEnumerable<ImageTensor> Batches()
        {
            var latents = new float[Math.Min(count, model.BatchSize) * LatentSize];
            ImageTensor? images = null;
            for (long done = 0; done < count;)
            {
                int n = (int)Math.Min(model.BatchSize, count - done);
                if (!reuse || images?.Count != n) images = Allocate(n);
                Span<float> batch = latents.AsSpan(0, n * LatentSize);
                Latents.Normal(seed, first + done, LatentSize, batch);
                Generate(batch, images.Values);
                yield return images;
                done += n;
            }
        }
    }

    /// <summary>The samples of <see cref="Sample"/> as bytes [N, H, W, C].</summary>
    /// <inheritdoc cref="Sample"/>
    public byte[] SamplePixels(int count, long seed = 0, long first = 0)
    {
        var bytes = new byte[Length(count)];
        GeneratePixels(Latents.Normal(seed, first, count, LatentSize), bytes);
        return bytes;
    }

    /// <summary>Images of given latents.</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="LatentSize"/>.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ImageTensor Generate(ReadOnlyMemory<float> latents)
    {
        ImageTensor images = Allocate(CountOf(latents.Span));
        Generate(latents.Span, images.Values);
        return images;
    }

    /// <summary>Images of given latents into memory that the caller provides; nothing proportional to N is allocated.</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="images">Receives [N, C, H, W] in [-1, 1]; exactly N * <see cref="ImageSize"/> values.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void Generate(ReadOnlySpan<float> latents, Span<float> images)
    {
        int count = CountOf(latents);
        CheckLength(images.Length, count, nameof(images));
        if (image is not null)
        {
            model.Run(latent, latents, image, images, count);
            return;
        }
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Min(count, model.BatchSize) * ImageSize);
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(model.BatchSize, count - done);
            model.Run(latent, Rows(latents, done, n), pixels!, bytes.AsSpan(0, n * ImageSize), n);
            for (int i = 0; i < n; i++)
                PixelValues.ToPlanes(bytes.AsSpan(i * ImageSize, ImageSize), Channels, images.Slice((done + i) * ImageSize, ImageSize));
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Images of given latents as bytes: round((x + 1) * 127.5), half to even, clamped to [0, 255].</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="bytes">Receives [N, H, W, C]; exactly N * <see cref="ImageSize"/> bytes.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void GeneratePixels(ReadOnlySpan<float> latents, Span<byte> bytes)
    {
        int count = CountOf(latents);
        CheckLength(bytes.Length, count, nameof(bytes));
        if (pixels is not null)
        {
            model.Run(latent, latents, pixels, bytes, count);
            return;
        }
        float[] values = ArrayPool<float>.Shared.Rent(Math.Min(count, model.BatchSize) * ImageSize);
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(model.BatchSize, count - done);
            model.Run(latent, Rows(latents, done, n), image!, values.AsSpan(0, n * ImageSize), n);
            for (int i = 0; i < n; i++)
                PixelValues.FromPlanes(values.AsSpan(i * ImageSize, ImageSize), Channels, bytes.Slice((done + i) * ImageSize, ImageSize));
        }
        ArrayPool<float>.Shared.Return(values);
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => model.Dispose();

    private ReadOnlySpan<float> Rows(ReadOnlySpan<float> latents, int first, int count) => latents.Slice(first * LatentSize, count * LatentSize);

    private ImageTensor Allocate(int count) => new(new float[Length(count)], count, Channels, Height, Width);

    private int Length(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // One array of values, and one of latents besides.
        int most = Array.MaxLength / Math.Max(ImageSize, LatentSize);
        if (count > most)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"One array holds at most {most} of these images; {nameof(SampleBatches)} has no such limit.");
        return count * ImageSize;
    }

    private int CountOf(ReadOnlySpan<float> latents) => latents.Length % LatentSize == 0
        ? latents.Length / LatentSize
        : throw new ArgumentException($"{latents.Length} values given, which is no multiple of the latent size {LatentSize}.", nameof(latents));

    private void CheckLength(int length, int count, string parameter)
    {
        if (length != (long)count * ImageSize)
            throw new ArgumentException($"{count} images of {ImageSize} values need {(long)count * ImageSize}; {length} given.", parameter);
    }
}
