using System.Runtime.CompilerServices;
using GanPipeline.Inference;

namespace GanPipeline.Hosting;

/// <summary>
/// A generator that many callers share. Requests that wait at the same time enter the network in one batch. All methods may be called from
/// any number of threads.
/// </summary>
/// <remarks>
/// An image depends on its seed, index and label. ONNX Runtime rounds batches of different sizes differently, so that a value may differ by
/// some 1e-6 from one request to the next, and a byte of a picture by 1.
/// </remarks>
public sealed class GeneratorService : IAsyncDisposable, IDisposable
{
    private readonly GeneratorOptions _options;
    private readonly RequestQueue _queue;

    /// <summary>Opens the generator.</summary>
    /// <exception cref="ArgumentException">An option outside its range.</exception>
    /// <exception cref="ModelException">As of <see cref="GeneratorModel.Load(string, ModelOptions?)"/>.</exception>
    public GeneratorService(GeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems().FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(options));
        _options = options;
        Model = GeneratorModel.Load(options.ModelFile, options.Model());
        _queue = new RequestQueue(Model, options.BatchSize);
    }

    /// <summary>
    /// The generator: sizes, labels, metadata. It belongs to the service, which disposes it. Its own methods do not wait in the queue.
    /// </summary>
    public GeneratorModel Model { get; }

    /// <summary>Images that wait or are computed now.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>Images of a seed; see
    /// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</summary>
    /// <param name="count">How many, 1 to <see cref="GeneratorOptions.QueueLimit"/>.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="labels">What a conditional generator is to draw.</param>
    /// <param name="cancellationToken">Gives the request up. What has not entered the network yet is not computed.</param>
    /// <returns>[N, C, H, W] in [-1, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count outside its range, or a negative index.</exception>
    /// <exception cref="ArgumentException">A label that does not exist.</exception>
    /// <exception cref="GeneratorBusyException">Too many images wait.</exception>
    /// <exception cref="ModelException">The model failed, or gave values that are no numbers.</exception>
    /// <exception cref="ObjectDisposedException">The service is shutting down.</exception>
    public Task<ImageTensor> GenerateAsync(
        int count = 1, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _options.QueueLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return GenerateAsync(count, null, seed, first, labels, cancellationToken);
    }

    /// <summary>Any number of images as a stream of batches; the next one is computed while the caller works on one.</summary>
    /// <param name="count">How many in all, 0 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="labels">What a conditional generator is to draw.</param>
    /// <param name="reuse">
    /// Whether batches take turns in the memory of two. A batch is then valid until the next one is asked for, and the stream leaves
    /// nothing proportional to its images to the garbage collector.
    /// </param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>Tensors of <see cref="GeneratorOptions.BatchSize"/> images, or fewer at the end.</returns>
    /// <exception cref="GeneratorBusyException">Too many images of others wait.</exception>
    /// <exception cref="ModelException">The model failed.</exception>
    public async IAsyncEnumerable<ImageTensor> StreamAsync(
        long count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null, bool reuse = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var most = Math.Min(_options.BatchSize, _options.QueueLimit);
        Task<ImageTensor>? next = null;
        Buffers? free = null, used = null;
        for (long asked = 0; asked < count || next is not null;)
        {
            var current = next;
            next = null;
            if (asked < count)
            {
                var n = (int)Math.Min(most, count - asked);
                // A caller that stops early leaves one batch that nobody waits for.
                var buffers = free?.Images.Count == n ? free : new Buffers(Model, n);
                next = GenerateAsync(n, buffers, seed, first + asked, labels, cancellationToken);
                if (reuse) (free, used) = (used, buffers);
                asked += n;
            }
            if (current is not null) yield return await current.ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more requests, computes those that wait, and closes the generator.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        Model.Dispose();
    }

    /// <summary>The same, and waits for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Task<ImageTensor> GenerateAsync(
        int count, Buffers? buffers, long seed, long first, IReadOnlyList<string>? labels, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<ImageTensor>(cancellationToken);
        // Before the latents are drawn: who comes in vain costs little.
        if (_queue.Waiting > _options.QueueLimit - count) throw Busy(count);
        buffers ??= new Buffers(Model, count);
        Model.DrawLatents(seed, first, buffers.Latents);
        Model.DrawLabels(seed, first, buffers.Labels, labels);
        var request = new Request(buffers.Latents, buffers.Labels, buffers.Images, cancellationToken);
        return _queue.TryAdd(request, _options.QueueLimit) ? request.Completion : throw Busy(count);
    }

    private GeneratorBusyException Busy(int count)
    {
        GeneratorMetrics.Rejected(count);
        return new($"{_queue.Waiting} images wait for '{_options.ModelFile}', and {_options.QueueLimit} are the most.");
    }

    /// <summary>The memory of a request.</summary>
    private sealed class Buffers(GeneratorModel model, int count)
    {
        public float[] Latents { get; } = new float[checked(count * model.LatentSize)];

        public float[] Labels { get; } = new float[checked(count * model.LabelSize)];

        public ImageTensor Images { get; } =
            new(new float[checked(count * model.ImageSize)], count, model.Channels, model.Height, model.Width);
    }
}
