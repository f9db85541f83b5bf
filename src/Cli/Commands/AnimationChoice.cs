using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>Format, speed and size of an animation: GIF by ourselves, MP4 by ffmpeg where it is installed.</summary>
internal sealed class AnimationChoice
{
    /// <summary>The longer side of a single picture, and of one among several.</summary>
    private const int SideAlone = 192, Side = 64;

    private const int LastFrameMilliseconds = 1000;

    private readonly Option<string> _format = new("--format")
    {
        Description = "gif; or mp4, where ffmpeg is installed.", HelpName = "FORMAT", DefaultValueFactory = _ => "gif",
    };

    private readonly Option<long> _fps =
        CommonOptions.Whole("--fps", "Frames a second; GIF rounds their time to hundredths.", 25, 1, 60);

    private readonly Option<long> _scale =
        CommonOptions.Whole("--scale", "The side of the square that a pixel becomes in the animation; 0 chooses one.", 0, 0, 64);

    public AnimationChoice() => _format.AcceptOnlyFromAmong("gif", "mp4");

    public Symbol[] Options => [_format, _fps, _scale];

    /// <summary>Before any work: whether the format can be written.</summary>
    /// <exception cref="RequestException">There is no ffmpeg.</exception>
    public void Require(ParseResult parsed)
    {
        if (parsed.GetValue(_format) == "gif") return;
        try
        {
            using var process = Start("-version");
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception e)
        {
            throw new RequestException("--format mp4 needs ffmpeg, which is not installed or not on the PATH; gif needs nothing.", e);
        }
    }

    /// <summary>Writes animation.gif or animation.mp4.</summary>
    /// <param name="parsed">What was asked for.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="frames">The pictures of each frame.</param>
    /// <param name="isLoop">Whether the first frame follows the last one; else the last one stays a while.</param>
    /// <param name="stop">Ends the work between frames.</param>
    /// <returns>The file.</returns>
    public string Save(
        ParseResult parsed, string folder, IReadOnlyList<ImageTensor> frames, bool isLoop, CancellationToken stop)
    {
        var format = parsed.GetValue(_format);
        var file = Path.Combine(folder, $"animation.{format}");
        var fps = (int)parsed.GetValue(_fps);
        var scale = parsed.GetValue(_scale) is > 0 and var given ? (int)given
            : Math.Max(1, (frames[0].Count == 1 ? SideAlone : Side) / Math.Max(frames[0].Height, frames[0].Width));
        if (format == "mp4")
        {
            SaveVideo(file, frames, scale, fps, stop);
            return file;
        }
        var time = 1000 / fps;
        Animation.Save(frames, file, scale: scale, cancellationToken: stop, options: new AnimationOptions
        {
            FrameMilliseconds = time,
            LastFrameMilliseconds = isLoop ? time : LastFrameMilliseconds,
            MaxFrames = frames.Count,
        });
        return file;
    }

    private static void SaveVideo(string file, IReadOnlyList<ImageTensor> frames, int scale, int fps, CancellationToken stop)
    {
        // To a sibling that is renamed, so that the file is whole or not there.
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $".animation.{Path.GetRandomFileName()}.mp4");
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        try
        {
            using var process = Start("-y", "-loglevel", "error", "-f", "image2pipe", "-c:v", "png", "-framerate",
                fps.ToString(CultureInfo.InvariantCulture), "-i", "-", "-c:v", "libx264", "-pix_fmt", "yuv420p",
                // The format has no odd sides.
                "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-movflags", "+faststart", temporary);
            var errors = process.StandardError.ReadToEndAsync(stop);
            try
            {
                foreach (var frame in frames)
                {
                    stop.ThrowIfCancellationRequested();
                    process.StandardInput.BaseStream.Write(Pictures.EncodeGrid(frame, scale: scale));
                }
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read all, and says why.
            }
            process.WaitForExit();
            if (process.ExitCode != 0 || !File.Exists(temporary))
                throw new WorkException($"ffmpeg could not write the video: {errors.GetAwaiter().GetResult().Trim().Split('\n')[0]}");
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        return Process.Start(start)!;
    }
}
