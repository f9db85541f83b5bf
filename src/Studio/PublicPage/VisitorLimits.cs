using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace GanPipeline.Studio;

/// <summary>How much one visitor of the public page may ask for.</summary>
internal static class VisitorLimits
{
    /// <summary>Requests that a visitor may make at once, and those that come back each second.</summary>
    public const int AtOnce = 60, EachSecond = 10;

    /// <summary>Refuses with 429 what one address asks for beyond that.</summary>
    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create((HttpContext context) => Partition(context.Connection.RemoteIpAddress));
        options.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>
    /// The visitors that share a limit: those of one IPv4 address, or of one IPv6 network of 64 bits, which is what a household has. This
    /// machine has none: behind a proxy that runs here all visitors come from it, and the proxy has limits of its own.
    /// </summary>
    public static RateLimitPartition<IPAddress> Partition(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address)) return RateLimitPartition.GetNoLimiter(IPAddress.Loopback);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16) bytes.AsSpan(8).Clear();
        return RateLimitPartition.GetTokenBucketLimiter(new IPAddress(bytes), _ => new()
        {
            TokenLimit = AtOnce, TokensPerPeriod = EachSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
        });
    }
}
