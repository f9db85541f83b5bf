using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>What a call of the program came to.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>Standard output as the one JSON object that --json promises.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    /// <summary>The outcome in full, for a test's message.</summary>
    public override string ToString() => $"exit code {Code}\n--- output\n{Output}\n--- error\n{Error}";
}
