using System.Reflection;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace GanPipeline.ML;

/// <summary>What an <see cref="MLContext"/> says to all that is made by its catalogs.</summary>
/// <param name="Seed"><c>MLContext(seed: ...)</c>.</param>
/// <param name="GpuDeviceId"><see cref="MLContext.GpuDeviceId"/>.</param>
/// <param name="FallbackToCpu"><see cref="MLContext.FallbackToCpu"/>.</param>
/// <param name="Log">What writes to <see cref="MLContext.Log"/>.</param>
internal sealed record ContextSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu, IChannelProvider? Log)
{
    /// <summary>
    /// The settings of a catalog's context. ML.NET shows them to its own assemblies alone, by interfaces that a later version may call
    /// otherwise; then they are as in a context without settings.
    /// </summary>
    public static ContextSettings Of(object catalog)
    {
        var environment = Get(catalog, "IInternalCatalog", "Environment");
        return new(
            Get(environment, "IHostEnvironmentInternal", "Seed") as int?,
            Get(environment, "IHostEnvironmentInternal", "GpuDeviceId") as int?,
            Get(environment, "IHostEnvironmentInternal", "FallbackToCpu") is true,
            environment as IChannelProvider);
    }

    /// <summary>A model's options, with the context's GPU where they name none.</summary>
    public ModelOptions Apply(ModelOptions options) => options.GpuDeviceId is not null || GpuDeviceId is null
        ? options
        : options with { GpuDeviceId = GpuDeviceId, FallbackToCpu = options.FallbackToCpu || FallbackToCpu };

    /// <summary>Writes a warning to the context's log.</summary>
    public void Warn(string text)
    {
        if (Log is null) return;
        using var channel = Log.Start("GanPipeline");
        channel.Warning(MessageSensitivity.None, "{0}", text);
    }

    /// <summary>Writes to the context's log what is no problem yet.</summary>
    public void Inform(string text)
    {
        if (Log is null) return;
        using var channel = Log.Start("GanPipeline");
        channel.Info(MessageSensitivity.None, "{0}", text);
    }

    private static object? Get(object? of, string type, string property) =>
        of?.GetType().GetInterface(type)?.GetProperty(property, BindingFlags.Public | BindingFlags.Instance)?.GetValue(of);
}
