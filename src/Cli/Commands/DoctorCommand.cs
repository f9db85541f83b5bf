using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanPipeline.Cli.Diagnosis;
using Spectre.Console;

namespace GanPipeline.Cli.Commands;

/// <summary>gan doctor: what is installed and in use.</summary>
internal static class DoctorCommand
{
    public static Command Create(Bind bind)
    {
        var command = new Command("doctor", "What is installed and in use: packages, libtorch, BLAS, threads, CUDA, ONNX Runtime, pictures, memory, disk.");
        bind(command, (shell, _) =>
        {
            var findings = Doctor.Examine(Environment.CurrentDirectory).ToArray();
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
            foreach (var f in findings)
            {
                var mark = f.Health switch { Health.Good => "[green]✓[/]", Health.Note => "[grey]·[/]", _ => "[red]![/]" };
                grid.AddRow(new Markup(mark), new Markup(Markup.Escape(f.Title)), new Markup($"[{(f.Health == Health.Bad ? "red" : "grey")}]{Markup.Escape(f.Text)}[/]"));
            }
            shell.Console.Write(grid);
            var content = new JsonObject { ["healthy"] = findings.All(f => f.Health != Health.Bad) };
            foreach (var f in findings)
            {
                var part = new JsonObject { ["health"] = f.Health.ToString().ToLowerInvariant(), ["text"] = f.Text };
                foreach (var (key, value) in f.Values) part[key] = JsonSerializer.SerializeToNode(value);
                content[f.Key] = part;
            }
            return content;
        });
        return command;
    }
}
