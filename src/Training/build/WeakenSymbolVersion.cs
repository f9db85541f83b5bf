// MSBuild compiles this file itself, without the project's settings.
#nullable disable
#pragma warning disable IDE0005
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;

namespace GanPipeline.Training.Build;

/// <summary>
/// Copies a 64-bit ELF library and marks one symbol version that it requires as weak, so that the loader accepts a system library without
/// that version. This is safe only where nothing but a marker symbol, which is never called, carries the version: checked first.
/// Layout of the sections: "Linux Standard Base Core Specification, Symbol Versioning".
/// </summary>
public sealed class WeakenSymbolVersion : Microsoft.Build.Utilities.Task
{
    private const int SectionVersionNeeds = 0x6ffffffe, SectionVersionSymbols = 0x6fffffff, SectionDynamicSymbols = 11;
    private const ushort FlagWeak = 2;

    /// <summary>The library.</summary>
    [Required] public string Source { get; set; }
    /// <summary>The copy, which is replaced.</summary>
    [Required] public string Destination { get; set; }
    /// <summary>The version to mark, such as GLIBCXX_3.4.32.</summary>
    [Required] public string SymbolVersion { get; set; }
    /// <summary>The one symbol that may carry it.</summary>
    [Required] public string MarkerSymbol { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var elf = File.ReadAllBytes(Source);
        if (elf.Length < 64 || BitConverter.ToUInt32(elf, 0) != 0x464c457f || elf[4] != 2)
        {
            Log.LogError("{0} is no 64-bit ELF library.", Source);
            return false;
        }
        var sections = ReadSections(elf);
        var users = WeakenNeeds(elf, sections);
        if (users == null) return false;
        WriteWhole(elf);
        return true;
    }

    // Null: an error was logged, nothing may be written.
    private string[] WeakenNeeds(byte[] elf, List<Section> sections)
    {
        var needs = sections.FirstOrDefault(s => s.Type == SectionVersionNeeds);
        if (needs == null) return Array.Empty<string>();
        var names = sections[needs.Link];
        int flagsAt = -1, index = 0;
        for (int need = needs.Offset, n = 0; n < needs.Info; n++)
        {
            int count = BitConverter.ToUInt16(elf, need + 2);
            for (int entry = need + BitConverter.ToInt32(elf, need + 8), k = 0; k < count; k++)
            {
                if (ReadName(elf, names.Offset + BitConverter.ToInt32(elf, entry + 8)) == SymbolVersion)
                {
                    flagsAt = entry + 4;
                    index = BitConverter.ToUInt16(elf, entry + 6);
                }
                entry += BitConverter.ToInt32(elf, entry + 12);
            }
            need += BitConverter.ToInt32(elf, need + 12);
        }
        if (flagsAt < 0) return Array.Empty<string>();

        var users = SymbolsOfVersion(elf, sections, index);
        var real = users.Where(u => u != MarkerSymbol).ToArray();
        if (real.Length > 0)
        {
            Log.LogError(
                "{0} really needs {1}, for {2}: it runs only where libstdc++ comes from GCC 13 or later (Debian 13, Ubuntu 24.04, " +
                "Fedora 38). " +
                "Set the property GanWeakenTorchSharp to false to build for such a system.",
                Path.GetFileName(Source), SymbolVersion, string.Join(", ", real.Take(3)));
            return null;
        }
        var flags = (ushort)(BitConverter.ToUInt16(elf, flagsAt) | FlagWeak);
        BitConverter.GetBytes(flags).CopyTo(elf, flagsAt);
        return users;
    }

    private static string[] SymbolsOfVersion(byte[] elf, List<Section> sections, int version)
    {
        var versions = sections.First(s => s.Type == SectionVersionSymbols);
        var symbols = sections.First(s => s.Type == SectionDynamicSymbols);
        var names = sections[symbols.Link];
        const int symbolSize = 24;
        return Enumerable.Range(0, symbols.Size / symbolSize)
            .Where(i => (BitConverter.ToUInt16(elf, versions.Offset + 2 * i) & 0x7fff) == version)
            .Select(i => ReadName(elf, names.Offset + BitConverter.ToInt32(elf, symbols.Offset + symbolSize * i)))
            .ToArray();
    }

    // To a temporary sibling, then renamed: the destination may be a hard link to the file in the package cache.
    private void WriteWhole(byte[] elf)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));
        var temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, elf);
        if (File.Exists(Destination)) File.Delete(Destination);
        File.Move(temporary, Destination);
    }

    private static List<Section> ReadSections(byte[] elf)
    {
        var table = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        return Enumerable.Range(0, count).Select(i => (int)(table + i * size)).Select(at => new Section
        {
            Type = BitConverter.ToInt32(elf, at + 4),
            Offset = (int)BitConverter.ToInt64(elf, at + 24),
            Size = (int)BitConverter.ToInt64(elf, at + 32),
            Link = BitConverter.ToInt32(elf, at + 40),
            Info = BitConverter.ToInt32(elf, at + 44),
        }).ToList();
    }

    private static string ReadName(byte[] elf, int start)
    {
        var end = Array.IndexOf(elf, (byte)0, start);
        return Encoding.ASCII.GetString(elf, start, end - start);
    }

    private sealed class Section
    {
        public int Type, Offset, Size, Link, Info;
    }
}
