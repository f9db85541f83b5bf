using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace GanPipeline.TestSupport;

/// <summary>A test that needs OpenCV, and is skipped by name where it is absent.</summary>
public sealed class OpenCvFactAttribute : FactAttribute
{
    public OpenCvFactAttribute()
    {
        if (!OpenCvRuntime.IsInstalled) Skip = "needs OpenCV (eng/install-peers.sh)";
    }
}

/// <summary>
/// OpenCV's own implementation of networks, which shares no code with ONNX Runtime or Torch: tests/OpenCv, as eng/install-peers.sh builds
/// it.
/// </summary>
public static class OpenCvRuntime
{
    private static readonly string _program =
        Path.Combine(Repository.Root, "artifacts", "bin", "GanPipeline.OpenCv", "release", "GanPipeline.OpenCv.dll");

    /// <summary>Whether it is built, and what OpenCV's library needs is there.</summary>
    public static bool IsInstalled { get; } = File.Exists(_program) && Peers.Answers("dotnet", _program, "--version");

    /// <summary>Runs models, in as many processes as it takes: one that a model ends is followed by another.</summary>
    public static IReadOnlyList<OpenCvAnswer> Run(IReadOnlyList<OpenCvRequest> requests)
    {
        List<OpenCvAnswer> answers = [];
        while (answers.Count < requests.Count)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", _program)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { }; // What it warns of.
            process.BeginErrorReadLine();
            try
            {
                while (answers.Count < requests.Count)
                {
                    process.StandardInput.WriteLine(JsonSerializer.Serialize(requests[answers.Count], JsonSerializerOptions.Web));
                    process.StandardInput.Flush();
                    var line = process.StandardOutput.ReadLine() ?? throw new IOException("It has ended.");
                    answers.Add(JsonSerializer.Deserialize<OpenCvAnswer>(line, JsonSerializerOptions.Web)!);
                }
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                process.WaitForExit();
                answers.Add(new(null, $"The process ended with {process.ExitCode}."));
            }
            process.WaitForExit();
        }
        return answers;
    }
}

/// <summary>A model, its inputs, and the outputs that are wanted.</summary>
public sealed record OpenCvRequest(string Model, IReadOnlyDictionary<string, NodeTensor> Inputs, IReadOnlyList<string> Outputs);

/// <param name="Outputs">The outputs by name; null where there are none.</param>
/// <param name="Error">Why there are none.</param>
public sealed record OpenCvAnswer(IReadOnlyDictionary<string, NodeTensor>? Outputs, string? Error);
