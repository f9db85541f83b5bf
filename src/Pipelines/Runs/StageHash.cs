using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>The hash of what a stage depends on. Equal hashes and present outputs mean that the stage need not run.</summary>
internal static class StageHash
{
    public static string Of(string stage, string version, JsonObject depends, IEnumerable<string> upstream) =>
        Of($"{stage}\n{version}\n{depends.ToJsonString()}\n{string.Join('\n', upstream)}");

    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    public static string OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..32];
    }
}
