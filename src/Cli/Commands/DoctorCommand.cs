using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace GanPipeline.Cli;

/// <summary>gan doctor: what is installed and in use.</summary>
internal static class DoctorCommand
{
    public static void Fill(Command command, Bind bind)
    {
        bind(command, (shell, _) =>
        {
            var findings = Doctor.Examine(Environment.CurrentDirectory).ToArray();
            Consoles.Rows(shell.Console, [.. findings.Select(f => new[]
            {
                f.Health switch { Health.Good => "[green]✓[/]", Health.Note => "[grey]·[/]", _ => "[red]![/]" },
                Markup.Escape(f.Title),
                $"[{(f.Health == Health.Bad ? "red" : "grey")}]{Markup.Escape(f.Text)}[/]",
            })]);
            var content = new JsonObject { ["healthy"] = findings.All(f => f.Health != Health.Bad) };
            foreach (var f in findings)
            {
                var part = new JsonObject { ["health"] = f.Health.ToString().ToLowerInvariant(), ["text"] = f.Text };
                foreach (var (key, value) in f.Values) part[key] = JsonSerializer.SerializeToNode(value);
                content[f.Key] = part;
            }
            return content;
        });
    }
}
