//! Words of service desks: headings, states and units, in English, German, French, Spanish and Dutch.
//!
//! From the exports of Jira, ServiceNow, PagerDuty, Opsgenie, Zendesk, GLPI, Freshservice, Statuspage
//! and iTop, in the languages in which they label their fields. Words are written without spaces,
//! marks and accents, as [`plain`] makes them of a cell; a new one is added here and to the test.

use super::role::Role;

/// Headings that mean a role, the surest first. A heading that stands for a time and for a
/// duration, such as "resolution time", is in both lists, and the cells below it decide.
pub(super) fn headings(role: Role) -> impl Iterator<Item = &'static str> {
    let of_role = HEADINGS.iter().filter(move |(known, _)| *known == role);
    of_role.flat_map(|(_, words)| words.split_whitespace())
}

const HEADINGS: [(Role, &str); 41] = [
    // English
    (
        Role::Start,
        "start started startedat startedon starttime startdate startdatetime starts outagestart \
         outagestarttime incidentstart problemstarted impactstart impactstarttime impactstartdate \
         customerimpactstart downtimestart begin began beginning begintime begindate occurred \
         occurredat onset failed failedat failuretime down downat detected detectedat detectiontime \
         opened openedat openeddate openedtime opentime opendate opendatetime dateopened timeopened \
         datetimeopened open triggered triggeredat reported reportedat reporteddate reportedtime \
         raised raisedat raiseddate submitted submittedat submitdate created createdat createdon \
         createddate createdtime createddatetime creationdate creationtime datecreated timecreated \
         incidentdate incidenttime from timestamp datetime when date time",
    ),
    (
        Role::End,
        "end ended endedat endedon endtime enddate enddatetime ends outageend outageendtime \
         incidentend problemfixed impactend impactendtime impactenddate customerimpactend \
         downtimeend restored restoredat restoredtime restoreddate estimatedrestoredtime \
         restorationtime restorationdate restoretime recovered recoveredat recoveredtime \
         recoverytime up upat fixed fixedat repaired repairedat finish finished finishedat \
         finishtime finishdate completed completedat resolved resolvedat resolvedon resolveddate \
         resolvedtime resolveddatetime dateresolved timeresolved resolutiondate resolutiontime \
         solved solvedat solvedon solveddate closed closedat closedon closeddate closedtime \
         closeddatetime closedate closetime dateclosed timeclosed datetimeclosed stop stopped to \
         until",
    ),
    (
        Role::Duration,
        "duration repair repairtime recovery recoverytime restore restoretime restorationtime \
         downtime outage outagetime outageduration incidentduration ttr mttr timetorepair \
         timetorestore timetorecover timetoresolve timetoresolution fullresolutiontime \
         resolvetime resolutiontime resolution calendarduration calendarstc closetime toresolve \
         torestore torepair torecover ofdowntime ofoutage elapsed elapsedtime length \
         businessduration businessstc tbf ttf between timebetweenfailures timetofailure uptime gap",
    ),
    (
        Role::Cause,
        "cause rootcause failurecause faulttype failuretype problemtype category reason fault \
         subcategory incidenttype type",
    ),
    (
        Role::Component,
        "component components configurationitem impactedconfigurationitem cmdbci ci system \
         service servicename businessservice affectedservice impactedservice asset host server \
         device node affected",
    ),
    (
        Role::Id,
        "id incidentid incident incidentnumber incidentkey ticketid ticket ticketnumber number \
         issuekey issueid caseid case key alertid tinyid reference ref",
    ),
    (Role::Status, "status state incidentstate ticketstatus outcome result censored"),
    (Role::Unit, "unit units uom durationunit timeunit"),
    (Role::StartTime, "starttime begintime opentime timeopened time timeofday clock"),
    (Role::EndTime, "endtime closetime timeclosed resolvedtime timeresolved"),
    // German
    (
        Role::Start,
        "beginn begonnen startzeit startdatum startzeitpunkt anfang ausfallbeginn storungsbeginn \
         stoerungsbeginn gestartet aufgetreten aufgetretenam eroffnet eroffnetam eroeffnet \
         eroeffnetam eroffnungsdatum geoffnet geoffnetam geoeffnet geoeffnetam zeitpunktgeoffnet \
         zeitpunktgeoeffnet gemeldet gemeldetam meldedatum erfasst erfasstam angelegt angelegtam \
         erstellt erstelltam erstelldatum erstellungsdatum erstellungszeit ticketerstellt \
         ticketerstelltam ticketeroffnet ticketeroffnetam von datum zeitpunkt",
    ),
    (
        Role::End,
        "ende endzeit enddatum endzeitpunkt ausfallende storungsende stoerungsende \
         wiederhergestellt wiederhergestelltam behoben behobenam gelost gelostam geloest \
         geloestam zeitpunktgelost zeitpunktgeloest losungsdatum loesungsdatum erledigt \
         erledigtam beendet beendetam abgeschlossen abgeschlossenam abschlussdatum geschlossen \
         geschlossenam zeitpunktgeschlossen schliessdatum ticketgelost ticketgelostam \
         ticketgeloest ticketgeloestam ticketgeschlossen ticketgeschlossenam bis",
    ),
    (
        Role::Duration,
        "dauer ausfalldauer ausfallzeit storungsdauer stoerungsdauer losungsdauer losungszeit \
         loesungszeit bearbeitungsdauer wiederherstellungszeit reparaturzeit reparaturdauer",
    ),
    (Role::Cause, "ursache storungsursache fehlerursache grund kategorie art typ"),
    (
        Role::Component,
        "komponente konfigurationselement betroffenessystem betroffenerdienst dienst anwendung \
         gerat betroffen",
    ),
    (
        Role::Id,
        "nummer ticketnummer vorgangsnummer vorgang vorgangsschlussel schlussel storungsnummer \
         kennung referenz",
    ),
    (Role::Status, "zustand stand"),
    (Role::Unit, "einheit"),
    (Role::StartTime, "uhrzeit startzeit anfangszeit beginnzeit"),
    (Role::EndTime, "endzeit"),
    // French
    (
        Role::Start,
        "debut datedebut datededebut debutincident debutdelincident survenule ouvert ouvertle \
         ouverture datedouverture dateouverture signale signalele cree creele creation \
         datedecreation datecreation dateincident datedelincident",
    ),
    (
        Role::End,
        "fin datefin datedefin finincident findelincident retabli retablile dateretablissement \
         datederetablissement resolu resolue resolule datederesolution dateresolution termine \
         terminele cloture cloturele datedecloture datecloture clos closle ferme fermele \
         datedefermeture datefermeture",
    ),
    (
        Role::Duration,
        "duree dureedelincident dureedelapanne dureedinterruption dureeindisponibilite \
         delaideresolution tempsderesolution tempsdarret indisponibilite",
    ),
    (Role::Cause, "causeracine motif categorie raison origine"),
    (Role::Component, "composant elementdeconfiguration equipement systeme application"),
    (Role::Id, "numero numeroticket numerodeticket identifiant cle"),
    (Role::Status, "statut etat"),
    (Role::Unit, "unite"),
    (Role::StartTime, "heure heuredebut heurededebut"),
    (Role::EndTime, "heurefin heuredefin"),
    // Spanish
    (
        Role::Start,
        "inicio comienzo fechainicio fechadeinicio abierto abiertoel apertura fechaapertura \
         fechadeapertura reportado reportadoel creado creada creadoel fechacreacion \
         fechadecreacion fecha",
    ),
    (
        Role::End,
        "final fechafin fechadefin restaurado restablecido resuelto resuelta resueltoel \
         fecharesolucion fechaderesolucion solucionado fechasolucion fechadesolucion finalizado \
         cierre cerrado cerradoel fechacierre fechadecierre",
    ),
    (
        Role::Duration,
        "duracion tiempodecaida tiempoderesolucion tiempodesolucion tiempodeinactividad \
         tiempofueradeservicio",
    ),
    (Role::Cause, "causa causaraiz motivo categoria tipo"),
    (Role::Component, "componente elementodeconfiguracion sistema servicio equipo aplicacion"),
    (Role::Id, "incidencia referencia clave identificador"),
    (Role::Status, "estado estatus"),
    // Dutch
    (
        Role::Start,
        "begintijd starttijd begindatum aanvang ontstaan geopend geopendop gemeld gemeldop \
         meldingsdatum datummelding aanmelddatum datumaanmelding aangemaakt aangemaaktop \
         aanmaakdatum datumaangemaakt",
    ),
    (
        Role::End,
        "einde eindtijd einddatum hersteld hersteldop opgelost opgelostop opgelostsinds \
         oplosdatum datumopgelost gereed gereedop datumgereed afgehandeld afgehandeldop \
         datumafgehandeld afgemeld afgemeldop afmelddatum gesloten geslotenop sluitdatum \
         afgesloten afgeslotenop afgeslotensinds",
    ),
    (Role::Duration, "duur uitvalduur storingsduur oplostijd hersteltijd doorlooptijd"),
    (Role::Cause, "oorzaak hoofdoorzaak reden soort"),
];

/// Parts of headings that mean a role where no heading means it as a whole: desks name levels,
/// languages and processes beside the noun, as in "ITIL-Kategorie", "Sous-catégorie", "Category 1".
pub(super) fn parts(role: Role) -> impl Iterator<Item = &'static str> {
    let of_role = PARTS.iter().filter(move |(known, _)| *known == role);
    of_role.flat_map(|(_, words)| words.split_whitespace())
}

const PARTS: [(Role, &str); 2] = [
    (
        Role::Cause,
        "rootcause ursache causeracine causaraiz oorzaak hauptkategorie hoofdcategorie kategori \
         category categorie categoria storungsart stoerungsart fehlerart typedincident \
         tipodeincid incidenttype storingssoort problemtype",
    ),
    (
        Role::Component,
        "configurationitem konfigurationselement elementdeconfiguration \
         elementodeconfiguracion configuratieitem component komponent composant betroffen \
         affected impacted afectad impacte concerne getroffen associateditem elementassoci \
         elementsassoci elementosasociados elementoasociado zugehorigeelement zugehorigesobjekt \
         gekoppelde services dienste servicios diensten object objekt objet objeto",
    ),
];

/// What a state says of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// It is not over.
    Open,
    /// It was given up before it was over: its end, if it has one, is a lower bound.
    GivenUp,
    /// It is over.
    Over,
}

/// What a state of a service desk says; `None` for a word that is not known.
pub(super) fn progress(state: &str) -> Option<Progress> {
    // GLPI: "in Bearbeitung (zugewiesen)".
    let word = plain(state.split('(').next().unwrap_or_default());
    let known = STATES.iter().find(|(_, words)| words.split_whitespace().any(|one| one == word));
    known.map(|(progress, _)| *progress)
}

const STATES: [(Progress, &str); 3] = [
    (
        Progress::Open,
        // English; the last four mark what is censored.
        "open opened stillopen reopened new ongoing active triggered acknowledged acked assigned \
         todo inprogress workinprogress started investigating identified monitoring unresolved \
         pending onhold hold escalated waiting waitingforapproval waitingforcustomer \
         waitingforsupport waitingonthirdparty awaitinguserinfo awaitingvendor awaitingproblem \
         awaitingchange awaitingevidence underinvestigation inreview 1 true yes y \
         offen neu wiedereroffnet zugewiesen inbearbeitung inarbeit inwarteschlange \
         inderwarteschlange wartend wartet inwartestellung ausstehend zuruckgestellt angehalten \
         auszeit laufend eskaliert zuerledigen wartendaufgenehmigung \
         ouvert ouverte rouvert nouveau nouvelle encours assigne assignee attribue enattente \
         suspendu afaire atraiter escalade enattentedapprobation \
         abierto abierta reabierto nuevo nueva encurso enprogreso enproceso asignado asignada \
         pendiente enespera porhacer escalado esperandoaprobacion \
         nieuw heropend inbehandeling inuitvoering toegewezen wachtend inafwachting indewacht \
         lopend bezig tedoen geescaleerd wachtenopgoedkeuring",
    ),
    (
        Progress::GivenUp,
        "aborted abandoned cancelled canceled stopped incomplete givenup censored \
         abgebrochen storniert annule abandonne cancelado anulado abandonado geannuleerd \
         afgebroken",
    ),
    (
        Progress::Over,
        "closed closedcomplete resolved solved done complete completed finished fixed restored \
         recovered over ended ok success successful passed postmortem 0 false no n \
         gelost geloest geschlossen erledigt behoben abgeschlossen fertig beendet \
         resolu resolue clos close ferme fermee termine terminee cloture cloturee \
         resuelto resuelta cerrado cerrada solucionado solucionada finalizado finalizada \
         terminado listo hecho \
         opgelost gesloten afgesloten afgehandeld gereed klaar afgerond voltooid afgemeld",
    ),
];

/// Units of time and their hours, in the languages of the headings.
const UNITS: [(f64, &str); 6] = [
    (1.0 / 60.0, "m min mins minute minutes minuten minutos minuut"),
    (1.0, "h hr hrs hour hours std stunde stunden heure heures hora horas uur uren"),
    (1.0 / 3600.0, "s sec secs second seconds sekunde sekunden seconde secondes segundos seconden"),
    (24.0, "d day days tag tage jour jours dia dias dag dagen"),
    (168.0, "week weeks woche wochen semaine semaines semana semanas weken"),
    (1.0 / 3_600_000.0, "ms millisecond milliseconds millisekunden"),
];

/// The hours of a unit of time by its word, such as `min`.
pub fn unit_hours(word: &str) -> Option<f64> {
    let word = plain(word);
    UNITS.iter().find(|(_, words)| words.split(' ').any(|one| one == word)).map(|(hours, _)| *hours)
}

/// Hours that a heading means by its definition, though it names no unit: ServiceNow keeps its
/// "resolve time" in seconds.
pub(super) fn defined_unit(stem: &str) -> Option<f64> {
    matches!(stem, "calendarstc" | "businessstc").then_some(1.0 / 3600.0)
}

/// A heading or state in small letters and digits only, without accents.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => plain.push('a'),
            'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => plain.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
            'ç' => plain.push('c'),
            'ñ' => plain.push('n'),
            'ß' => plain.push_str("ss"),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::log::{Columns, IncidentLog, ReadOptions, Recovery};

    /// Headings as an export writes them, with the ones that are start, end or duration. Where they
    /// are published is said in docs/statistics.md, section 1; those of Jira in other languages are
    /// not published where we found them.
    const EXPORTS: [(&str, &[&str], [&str; 3]); 23] = [
        ("Jira", &["Issue key", "Status", "Created", "Resolved"], ["Created", "Resolved", ""]),
        (
            "Jira, German",
            &["Schlüssel", "Status", "Erstellt", "Erledigt"],
            ["Erstellt", "Erledigt", ""],
        ),
        ("Jira, French", &["Clé", "État", "Création", "Résolu"], ["Création", "Résolu", ""]),
        ("Jira, Spanish", &["Clave", "Estado", "Creada", "Resuelta"], ["Creada", "Resuelta", ""]),
        (
            "Jira, Dutch",
            &["Sleutel", "Status", "Aangemaakt", "Opgelost"],
            ["Aangemaakt", "Opgelost", ""],
        ),
        (
            "ServiceNow",
            &["number", "opened_at", "resolved_at", "closed_at", "state", "cmdb_ci"],
            ["opened_at", "resolved_at", ""],
        ),
        (
            "ServiceNow, durations",
            &["Number", "Opened", "calendar_stc"],
            ["Opened", "", "calendar_stc"],
        ),
        (
            "ServiceNow, German",
            &["Nummer", "Zeitpunkt geöffnet", "Zeitpunkt gelöst", "Gelöst", "Status"],
            ["Zeitpunkt geöffnet", "Gelöst", ""],
        ),
        (
            "PagerDuty",
            &["incident_number", "created_on", "resolved_on", "status"],
            ["created_on", "resolved_on", ""],
        ),
        (
            "PagerDuty, seconds",
            &["id", "created_on", "seconds_to_resolve"],
            ["created_on", "", "seconds_to_resolve"],
        ),
        (
            "Opsgenie",
            &["id", "impact_start_date", "impact_end_date", "status"],
            ["impact_start_date", "impact_end_date", ""],
        ),
        (
            "Zendesk",
            &["Ticket ID", "Created at", "Solved at", "Status"],
            ["Created at", "Solved at", ""],
        ),
        (
            "Zendesk, minutes",
            &["Id", "Created at", "Full resolution time in minutes"],
            ["Created at", "", "Full resolution time in minutes"],
        ),
        (
            "GLPI, German",
            &["ID", "Eröffnet am", "Gelöst am", "Abgeschlossen am"],
            ["Eröffnet am", "Gelöst am", ""],
        ),
        (
            "GLPI, French",
            &["Titre", "Date d'ouverture", "Date de résolution", "Date de clôture"],
            ["Date d'ouverture", "Date de résolution", ""],
        ),
        (
            "iTop, Spanish",
            &["Ref", "Fecha de Inicio", "Fecha de Solución"],
            ["Fecha de Inicio", "Fecha de Solución", ""],
        ),
        (
            "iTop, Dutch",
            &["Nummer", "Startdatum", "Opgelost sinds"],
            ["Startdatum", "Opgelost sinds", ""],
        ),
        (
            "iTop, German",
            &["Referenz", "Startdatum", "Lösungsdatum"],
            ["Startdatum", "Lösungsdatum", ""],
        ),
        (
            "Freshservice",
            &["Ticket Id", "Created Time", "Resolved Time"],
            ["Created Time", "Resolved Time", ""],
        ),
        (
            "Freshservice, hours",
            &["Ticket ID", "Created time", "Resolution time (in hrs)"],
            ["Created time", "", "Resolution time (in hrs)"],
        ),
        (
            "Statuspage",
            &["id", "created_at", "resolved_at", "impact"],
            ["created_at", "resolved_at", ""],
        ),
        (
            "Grid operators",
            &["Outage Start", "Estimated Restored Time"],
            ["Outage Start", "Estimated Restored Time", ""],
        ),
        ("Event logs", &["Open_Time", "Close_Time", "CI Name"], ["Open_Time", "Close_Time", ""]),
    ];

    #[test]
    fn headings_of_service_desks_are_known() {
        for (name, headings, expected) in EXPORTS {
            let cells: Vec<&str> = headings
                .iter()
                .map(|heading| if expected[2] == *heading { "90" } else { "2026-03-29 14:05" })
                .collect();
            let text = format!("{}\n{}\n", headings.join(";"), cells.join(";"));
            let log = IncidentLog::read(text.as_bytes(), &ReadOptions::default())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let columns: &Columns = &log.columns;
            let found = [Role::Start, Role::End, Role::Duration]
                .map(|role| columns.place(role).map_or("", |place| headings[place]));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn categories_and_components_are_known_under_the_names_of_desks() {
        let read = |heading: &str, cell: &str| {
            let text =
                format!("Id;Start;End;{heading}\n1;2026-03-29 14:05;2026-03-29 15:05;{cell}\n");
            let log = IncidentLog::read(text.as_bytes(), &ReadOptions::default()).unwrap();
            let incident = &log.incidents[0];
            (incident.cause.clone(), incident.component.clone())
        };
        for heading in [
            "Kategorie",
            "Hauptkategorie",
            "Unterkategorie",
            "ITIL-Kategorie",
            "Kategorie (Ebene 1)",
            "Störungsart",
            "Störungskategorie",
            "Catégorie",
            "Sous-catégorie",
            "Catégorie ITIL",
            "Type d'incident",
            "Categoría",
            "Subcategoría",
            "Tipo de incidente",
            "Categorie",
            "Subcategorie",
            "Hoofdcategorie",
            "Incidenttype",
            "Category 1",
            "Service Category",
            "Custom field (Root cause)",
        ] {
            assert_eq!(read(heading, "disk"), ("disk".to_owned(), String::new()), "{heading}");
        }
        for heading in [
            "Component/s",
            "Komponenten",
            "Composants",
            "Componentes",
            "Componenten",
            "Services",
            "Betroffener Service",
            "Betroffenes Objekt",
            "Servicio afectado",
            "Service concerné",
            "Impacted CI",
            "Élément associé",
            "Elementos asociados",
            "Gekoppelde items",
        ] {
            assert_eq!(read(heading, "disk"), (String::new(), "disk".to_owned()), "{heading}");
        }
        // How many are affected is no component; nor is when.
        for (heading, cell) in [("Affected users", "120"), ("Affected until", "2026-03-29 15:05")] {
            assert_eq!(read(heading, cell), (String::new(), String::new()), "{heading}");
        }
    }

    #[test]
    fn states_of_service_desks_are_known() {
        use Progress::{GivenUp, Open, Over};
        for (states, progress) in [
            (&["In Progress", "on hold", "Waiting for support", "acknowledged", "hold"][..], Open),
            (&["In Bearbeitung", "in Bearbeitung (zugewiesen)", "Wartend", "Zu erledigen"], Open),
            (&["En cours (Attribué)", "À faire", "En attente", "Nouveau"], Open),
            (&["En curso", "Pendiente", "Asignado", "Por hacer"], Open),
            (&["In behandeling", "Toegewezen", "Geëscaleerd", "Te doen"], Open),
            (&["Canceled", "abgebrochen", "Annulé", "Cancelado", "Geannuleerd"], GivenUp),
            (&["Closed", "Solved", "postmortem", "Gelöst", "Geschlossen", "Erledigt"], Over),
            (&["Résolue", "Clos", "Terminé", "Resuelto", "Cerrado", "Opgelost", "Gereed"], Over),
        ] {
            for state in states {
                assert_eq!(super::progress(state), Some(progress), "{state}");
            }
        }
        assert_eq!(progress("with the vendor"), None);
    }

    #[test]
    fn a_heading_for_a_time_or_a_duration_is_what_its_cells_are() {
        let read =
            |text: &str| IncidentLog::read(text.as_bytes(), &ReadOptions::default()).unwrap();
        let log = read("Created;Resolution Time\n2026-03-01 08:00;2026-03-01 10:00\n");
        assert_eq!(log.incidents[0].recovery, Recovery::Took(2.0));
        let log = read("Created;MTTR (minutes)\n2026-03-01 08:00;30\n");
        assert_eq!(log.incidents[0].recovery, Recovery::Took(0.5));
        let log = read("Created;Resolution Time\n2026-03-01 08:00;3h 30m\n");
        assert_eq!(log.incidents[0].recovery, Recovery::Took(3.5));
    }

    #[test]
    fn no_heading_is_written_with_what_is_taken_out_of_a_cell() {
        for (_, words) in HEADINGS {
            assert!(words.split_whitespace().all(|word| plain(word) == word), "{words}");
        }
        for (_, words) in PARTS {
            assert!(words.split_whitespace().all(|word| plain(word) == word), "{words}");
        }
        for (_, words) in STATES {
            assert!(words.split_whitespace().all(|word| plain(word) == word), "{words}");
        }
        assert_eq!(unit_hours("Min."), Some(1.0 / 60.0));
        assert_eq!(unit_hours("A"), None);
    }
}
