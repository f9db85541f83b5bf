namespace GanPipeline.Cli.Tests;

/// <summary>Calls the command line within this process.</summary>
internal static class InProcess
{
    public static Outcome Gan(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = GanCommand.Invoke(args, new Shell(output, error, CancellationToken.None));
        return new(code, output.ToString(), error.ToString());
    }
}

internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>Standard output as the one JSON object that --json promises.</summary>
    public System.Text.Json.Nodes.JsonObject Json => System.Text.Json.Nodes.JsonNode.Parse(Output)!.AsObject();

    /// <summary>The outcome in full, for a test's message.</summary>
    public override string ToString() => $"exit code {Code}\n--- output\n{Output}\n--- error\n{Error}";
}
