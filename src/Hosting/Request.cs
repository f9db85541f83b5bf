namespace GanPipeline.Hosting;

/// <summary>Images that somebody waits for.</summary>
internal sealed class Request
{
    // What the caller does with the images does not hold up the next batch.
    private readonly TaskCompletionSource<ImageTensor> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;

    /// <param name="latents">[N, latent size].</param>
    /// <param name="labels">[N, label size].</param>
    /// <param name="images">[N, C, H, W], to be filled.</param>
    /// <param name="cancellation">Gives it up.</param>
    public Request(float[] latents, float[] labels, ImageTensor images, CancellationToken cancellation)
    {
        (Latents, Labels, Images) = (latents, labels, images);
        _cancellation = cancellation.UnsafeRegister(
            static (state, token) => ((Request)state!)._completion.TrySetCanceled(token), this);
    }

    public float[] Latents { get; }

    public float[] Labels { get; }

    public ImageTensor Images { get; }

    /// <summary>How many of them have entered a batch.</summary>
    public int Taken { get; set; }

    public int Left => Images.Count - Taken;

    public Task<ImageTensor> Completion => _completion.Task;

    /// <summary>Whether nobody waits any more.</summary>
    public bool IsOver => _completion.Task.IsCompleted;

    public void Complete()
    {
        _cancellation.Dispose();
        _completion.TrySetResult(Images);
    }

    public void Fail(Exception error)
    {
        _cancellation.Dispose();
        _completion.TrySetException(error);
    }
}
