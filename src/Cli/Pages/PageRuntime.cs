using System.Reflection;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>
/// onnxruntime-web, which runs a generator in a browser: two files of the npm package, put beside the program by its build.
/// </summary>
internal static class PageRuntime
{
    /// <summary>The folder beside the program, and in a page's folder.</summary>
    public const string Folder = "onnxruntime-web";

    /// <summary>The part that runs on the processor alone, and the script that loads it.</summary>
    public const string Binary = "ort-wasm-simd-threaded.wasm";

    private const string Script = "ort.wasm.bundle.min.mjs";

    // Not all file servers know that .mjs is a script, and browsers run none that is not said to be one.
    private const string ScriptInPage = "ort.wasm.bundle.min.js";

    private static readonly string _version = typeof(PageRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "OnnxRuntimeWeb").Value!;

    /// <summary>The files: where each is, and its name in a page's folder.</summary>
    /// <param name="given">The folder of the package, unpacked or installed, or its dist; null for that beside the program.</param>
    /// <exception cref="RequestException">It is not there.</exception>
    public static IReadOnlyList<(string From, string To)> Find(string? given)
    {
        string[] places = given is null
            ? [Path.Combine(AppContext.BaseDirectory, Folder)]
            : [given, Path.Combine(given, "dist"), Path.Combine(given, "package", "dist"),
                Path.Combine(given, "node_modules", Folder, "dist")];
        var place = places.FirstOrDefault(p => File.Exists(Path.Combine(p, Script)) && File.Exists(Path.Combine(p, Binary)));
        if (place is not null) return [(Path.Combine(place, Script), ScriptInPage), (Path.Combine(place, Binary), Binary)];
        throw new RequestException(given is null
            ? "onnxruntime-web, which runs the model in the browser, is not beside this program: run " +
                $"npm install onnxruntime-web@{_version} in any folder, and name that with --runtime."
            : $"{given} holds no onnxruntime-web: there is no {Script} with {Binary} in it, in its dist, or in its node_modules.");
    }
}
