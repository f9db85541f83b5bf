using System.Globalization;
using GanPipeline.Training;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>
/// Keeps trained steps: a training that is not the one in the train/ folder does not start there unless --force asks for it, and then the
/// old one is kept under a number.
/// </summary>
internal static class TrainFolder
{
    /// <summary>Refuses, before anything is written, what would discard trained steps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="identity">The training that is asked for.</param>
    /// <param name="steps">Its steps.</param>
    /// <exception cref="RequestException">It is another training than the folder's, or a shorter one.</exception>
    public static void Check(RunContext run, TrainingIdentity identity, long steps)
    {
        if (run.Request.TrainsAnew) return;
        var (folder, shown) = (run.Folder.Training, run.Folder.Shown);
        var ways = $"gan resume {shown} goes on with the settings that it was trained with; --out DIR makes another run; --force " +
            $"trains anew in {shown} and keeps what is there under a number.";
        if (folder.LastStep is not { } last)
        {
            if (run.Request.Trains && run.Summary.Metrics<TrainedSteps>("train") is { Steps: > 0 and var trained })
                throw new RequestException($"{shown}/train has no checkpoint any more of its " +
                    $"{TextFormat.Count(trained, "trained step")}. Put them back, give another folder with --out, or train anew with " +
                    "--force, which replaces the models too.");
            return;
        }
        var trainedSteps = TextFormat.Count(last, "trained step");
        if (Checkpoint.ReadIdentity(folder.Path) is not { } earlier)
            throw new RequestException($"{shown}/train holds {trainedSteps}, but what was trained there cannot be read. --out DIR makes " +
                "another run; --force trains anew and keeps what is there under a number.");
        if (identity.DifferenceFrom(earlier, Key) is { } difference)
            throw new RequestException($"{shown} holds {trainedSteps} of another training: {difference}. {ways}");
        if (last > steps)
            throw new RequestException($"{shown} holds {trainedSteps}, more than the {TextFormat.Count(steps)} of train.steps. {ways}");
    }

    /// <summary>Makes room for the training that is about to run.</summary>
    public static void Prepare(RunContext run)
    {
        var folder = run.Folder.Training;
        if (!Directory.Exists(folder.Path)) return;
        // A folder without a checkpoint holds nothing that anybody would miss.
        if (folder.LastStep is null) Directory.Delete(folder.Path, recursive: true);
        else if (run.Request.TrainsAnew) SetAside(run, folder);
    }

    private static void SetAside(RunContext run, TrainingFolder folder)
    {
        var number = 1;
        while (Path.Exists(Numbered(number))) number++;
        Directory.Move(folder.Path, Numbered(number));
        run.Logger.LogWarning("The training starts from its first step; the last one is kept in {Previous}.", Name(number));

        string Numbered(int n) => run.Folder[Name(n)];
        static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"train.{n}");
    }

    /// <summary>An option of a training as pipelines.yaml and --set write it.</summary>
    private static string Key(string option)
    {
        if (option == "data") return "the content of the pictures";
        if (option == "labels") return "architecture.condition";
        var keys = option.Split('.').Select(OptionMember.KeyOf).ToArray();
        return keys.Length == 1 ? "train." + keys[0] : string.Join('.', keys);
    }
}
