using GanPipeline.Inference;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GanPipeline.Hosting;

/// <summary>Makes an image. Degraded where too many wait for one more; unhealthy where the model fails or takes too long.</summary>
internal sealed class GeneratorHealthCheck(GeneratorService service) : IHealthCheck
{
    // A check should not take longer than whoever asks waits, often 30 seconds.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object> { ["device"] = service.Model.Device, ["waiting"] = service.Waiting };
        if (service.Model.FallbackReason is { } reason) data["fallback"] = reason;
        try
        {
            await service.GenerateAsync(cancellationToken: cancellationToken).WaitAsync(_patience, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy(data: data);
        }
        catch (GeneratorBusyException e)
        {
            return HealthCheckResult.Degraded(e.Message, data: data);
        }
        catch (Exception e) when (e is ModelException or TimeoutException or ObjectDisposedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e, data);
        }
    }
}
