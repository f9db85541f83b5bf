using System.Diagnostics;

namespace GanPipeline.Studio.Tests;

/// <summary>What the program says of a command line that is wrong.</summary>
public class ProgramTests
{
    private static readonly string _program = typeof(StudioServer).Assembly.Location;

    [Theory]
    [InlineData("--page models/quickstart --token 0123456789abcdef", "--page serves a page for everybody, which asks for no --token.")]
    [InlineData("--page models/none", "There is no file 'models/none'")]
    [InlineData("--page models/bricks-classifier", "models/bricks-classifier is a folder without generator.onnx")]
    [InlineData("--page models/bricks-classifier/classifier.onnx", "is not a generator")]
    [InlineData("--port 65536", "--port is a number from 0 to 65535")]
    [InlineData("--token short", "--token has 16 characters or more")]
    [InlineData("--address nowhere", "--address is an IP address of this machine")]
    public async Task What_is_wrong_is_told_in_a_sentence(string arguments, string problem)
    {
        var start = new ProcessStartInfo("dotnet", [_program, .. arguments.Split(' ')])
        {
            WorkingDirectory = Repository.Root, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }
}
