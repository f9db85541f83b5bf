using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace GanPipeline.Studio;

/// <summary>Scripts and styles, compressed, which browsers keep and ask for again only when they have changed.</summary>
internal static class AssetFiles
{
    private static readonly ConcurrentDictionary<string, Asset?> _assets = new();

    /// <summary>A file of <c>Assets</c>; 404 where there is none, or where it is a template.</summary>
    public static IResult Get(HttpContext context, string name)
    {
        var type = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => null,
        };
        if (type is null || _assets.GetOrAdd(name, Load) is not { } asset) return Results.NotFound();
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        var isCompressed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (isCompressed) context.Response.Headers.ContentEncoding = "gzip";
        var tag = new EntityTagHeaderValue($"\"{asset.Hash}{(isCompressed ? "z" : "")}\"");
        return Results.Bytes(isCompressed ? asset.Compressed : asset.Bytes, type, entityTag: tag);
    }

    private static Asset? Load(string name)
    {
        if (EmbeddedFiles.TryRead($"assets/{name}") is not { } bytes) return null;
        using var compressed = new MemoryStream();
        using (var zip = new GZipStream(compressed, CompressionLevel.Fastest)) zip.Write(bytes);
        return new(bytes, compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    private sealed record Asset(byte[] Bytes, byte[] Compressed, string Hash);
}
