using System.Net;
using System.Security.Cryptography;

namespace GanPipeline.Studio;

/// <summary>Where the studio is served, and to whom.</summary>
/// <param name="Address">127.0.0.1, this machine alone, unless asked otherwise.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="Token">What a visitor has to know; null where the address is this machine alone.</param>
internal sealed record StudioOptions(IPAddress Address, int Port, string? Token)
{
    /// <summary>The folder of the runs that are shown and started, and of nothing else.</summary>
    public string Runs { get; init; } = "runs";

    /// <summary>The folder of the models that are shown, a folder each.</summary>
    public string Models { get; init; } = "models";

    /// <summary>The folder models here, else the one that ships, as far as GAN_ROOT tells where that is.</summary>
    public static string UsualModels()
    {
        const string Here = "models";
        var root = Environment.GetEnvironmentVariable("GAN_ROOT");
        return Directory.Exists(Here) || string.IsNullOrEmpty(root) ? Here : Path.Combine(root, Here);
    }

    /// <summary>The pipelines file; null for the one that gan takes by itself.</summary>
    public string? Pipelines { get; init; }

    /// <summary>gan, or gan.dll, which runs are started with; null where none can be started.</summary>
    public string? Gan { get; init; }

    /// <summary>Of programs that ask for no other.</summary>
    public const int UsualPort = 5180;

    private const int LeastToken = 16;

    /// <summary>Whether only programs of this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);

    /// <summary>The options of a command line.</summary>
    /// <param name="address">An IP address of this machine, or localhost.</param>
    /// <param name="port">From 0 to 65,535.</param>
    /// <param name="token">At least 16 characters; null draws one where others can reach the studio.</param>
    /// <exception cref="ArgumentException">A value is wrong.</exception>
    public static StudioOptions Create(string address, int port, string? token)
    {
        if (!IPAddress.TryParse(address == "localhost" ? "127.0.0.1" : address, out var parsed))
            throw new ArgumentException($"--address is an IP address of this machine, such as 127.0.0.1 or 0.0.0.0; got '{address}'.");
        if (port is < 0 or > 65535) throw new ArgumentException($"--port is a number from 0 to 65535; got {port}.");
        if (token is { Length: < LeastToken })
            throw new ArgumentException($"--token has {LeastToken} characters or more; got {token.Length}.");
        if (token is null && !IPAddress.IsLoopback(parsed)) token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new(parsed, port, token);
    }
}
