//! What was used up: the second fault while host, replica, server or standby is away, the standby
//! that is dead without anybody knowing, the old server that comes back, the way back from a
//! temporary host, and what keeps a protection from beginning.

use crate::recovery::{
    Case, GROUP, IMPORT, MACHINE, REBUILD, STAGING, SYNC, case, close, fault, in_common,
};

/// Three faults of one kind: the first with a repair of 30 h, the second ten hours later with one
/// of 10 h, the third when everything has long been back.
fn three(kind: &str, tables: &[&str]) -> Case {
    let faults = [
        fault("first", kind, &[100.0], "30h"),
        fault("second", kind, &[110.0], "10h"),
        fault("third", kind, &[200.0], "30h"),
    ];
    case(&faults, tables)
}

#[test]
fn a_second_host_fault_before_the_first_host_is_back_waits_for_a_repair() {
    three("host", &[MACHINE]).play().outages_are(&[
        (100.0, 100.1, "virtual_machine"),
        (110.0, 120.0, "repair"),
        (200.0, 200.1, "virtual_machine"),
    ]);
}

#[test]
fn a_second_database_fault_before_the_replica_is_back_waits_for_a_repair() {
    three("database", &[GROUP]).play().outages_are(&[
        (100.0, 100.01, "sql_high_availability"),
        (110.0, 120.0, "repair"),
        (200.0, 200.01, "sql_high_availability"),
    ]);
}

#[test]
fn a_second_server_fault_before_the_spare_server_is_back_waits_for_a_repair() {
    three("server", &[REBUILD]).play().outages_are(&[
        (100.0, 104.0, "rebuild"),
        (110.0, 120.0, "repair"),
        (200.0, 204.0, "rebuild"),
    ]);
}

#[test]
fn a_second_fault_before_the_standby_is_back_waits_for_a_repair() {
    for kind in ["link", "site", "host", "server", "database"] {
        three(kind, &[STAGING]).play().outages_are(&[
            (100.0, 101.0, "staging"),
            (110.0, 120.0, "repair"),
            (200.0, 201.0, "staging"),
        ]);
    }
}

#[test]
fn a_second_site_loss_before_the_first_site_is_back_waits_for_a_repair() {
    let far = MACHINE.replace("same", "other");
    three("site", &[&far]).play().outages_are(&[
        (100.0, 102.0, "virtual_machine"),
        (110.0, 120.0, "repair"),
        (200.0, 202.0, "virtual_machine"),
    ]);
}

#[test]
fn a_standby_that_failed_unseen_is_repaired_by_the_clock_once_it_is_noticed() {
    // Told as a whole outage of 30 h: found at 106 by a promotion in vain, whole at 136 although
    // nobody works at midnight. So it is promoted within the hour at 141, and not at 135.
    let whole = |name: &str, hour: f64| {
        let fault = in_common(&fault(name, "server", &[hour], "30h"));
        fault + "repair_covers = \"outage\"\n"
    };
    for (second, end) in [(135.0, 136.0), (141.0, 142.0)] {
        let later = fault("later", "server", &[second], "50h");
        let told = case(&[whole("first", 105.0), later], &[STAGING])
            .with("staffed = \"24x7\"", "staffed = \"Mon-Sun 00:00-23:00\"")
            .play();
        let back = told.outages.last().unwrap().end;
        if second < 136.0 {
            assert!(back > end, "{:?}", told.outages);
        } else {
            assert!(close(back, end), "{:?}", told.outages);
        }
    }
}

#[test]
fn a_standby_that_people_know_to_be_away_is_not_tried() {
    // "Until then there is none": nothing to promote at 110, and nothing is latent, since people
    // took that server out of service and are at work on it.
    let told = three("server", &[STAGING]).play();
    told.labour_is((1.0 + 30.0) + 10.0 + (1.0 + 30.0));
    three("server", &[STAGING, REBUILD]).play().outages_are(&[
        (100.0, 101.0, "staging"),
        (110.0, 114.0, "rebuild"),
        (200.0, 201.0, "staging"),
    ]);
}

#[test]
fn a_second_host_fault_falls_to_the_standby_while_the_other_host_is_away() {
    three("host", &[STAGING, MACHINE]).play().outages_are(&[
        (100.0, 100.1, "virtual_machine"),
        (110.0, 111.0, "staging"),
        (200.0, 200.1, "virtual_machine"),
    ]);
}

#[test]
fn without_a_spare_a_server_is_procured() {
    let faults =
        [fault("first", "server", &[100.0], "300h"), fault("second", "server", &[110.0], "250h")];
    // 110 + 120 to procure + 4 to install.
    case(&faults, &[REBUILD])
        .play()
        .outages_are(&[(100.0, 104.0, "rebuild"), (110.0, 234.0, "rebuild")]);
}

#[test]
fn a_spare_that_comes_back_ends_the_wait_for_a_procured_one() {
    // The first server is mended at 130 and is a spare again: 130 + 4, not 110 + 120 + 4.
    let faults =
        [fault("first", "server", &[100.0], "30h"), fault("second", "server", &[110.0], "250h")];
    case(&faults, &[REBUILD])
        .play()
        .outages_are(&[(100.0, 104.0, "rebuild"), (110.0, 134.0, "rebuild")]);
}

#[test]
fn a_spare_is_back_only_when_all_that_failed_is_mended() {
    // Link and site fail together; the link is whole at 110, the site at 150. At 120 there is no
    // other site to move to, so the second loss waits for its repair.
    let far = MACHINE.replace("same", "other");
    let faults = [
        fault("link", "link", &[100.0], "10h"),
        fault("site", "site", &[100.0], "50h"),
        fault("second", "site", &[120.0], "20h"),
    ];
    case(&faults, &[&far])
        .play()
        .outages_are(&[(100.0, 102.0, "virtual_machine"), (120.0, 140.0, "repair")]);
    // The same with a server whose host is still broken.
    let faults = [
        fault("server", "server", &[100.0], "5h"),
        fault("host", "host", &[100.0], "50h"),
        fault("second", "server", &[120.0], "20h"),
    ];
    case(&faults, &[REBUILD])
        .play()
        .outages_are(&[(100.0, 104.0, "rebuild"), (120.0, 140.0, "repair")]);
}

#[test]
fn a_standby_that_is_back_in_the_middle_of_an_outage_is_promoted() {
    // The first server is mended at 130 while the second is out until 150: 130 + 1.
    let faults =
        [fault("first", "server", &[100.0], "30h"), fault("second", "server", &[110.0], "40h")];
    case(&faults, &[STAGING])
        .play()
        .outages_are(&[(100.0, 101.0, "staging"), (110.0, 131.0, "staging")]);
}

#[test]
fn fixed_onsets_strike_the_path_in_service_after_a_promotion() {
    // The first server is never back, so the strike at 200 h hits the second one.
    let faults =
        [fault("first", "server", &[100.0], "never"), fault("second", "server", &[200.0], "10h")];
    case(&faults, &[STAGING])
        .play()
        .outages_are(&[(100.0, 101.0, "staging"), (200.0, 210.0, "repair")]);
    // A link that is away with the first path does not matter to the second one.
    let faults =
        [fault("server", "server", &[100.0], "200h"), fault("link", "link", &[200.0], "10h")];
    case(&faults, &[STAGING])
        .play()
        .outages_are(&[(100.0, 101.0, "staging"), (200.0, 210.0, "repair")]);
}

#[test]
fn a_repair_that_never_comes_leaves_the_outage_open() {
    let never = fault("it", "server", &[100.0], "never");
    case(std::slice::from_ref(&never), &[]).play().outages_are(&[(
        100.0,
        400.0,
        "open at the horizon",
    )]);
    case(std::slice::from_ref(&never), &[STAGING]).play().outages_are(&[(100.0, 101.0, "staging")]);
    case(&[never], &[REBUILD]).play().outages_are(&[(100.0, 104.0, "rebuild")]);
    // The standby is never back for a second time.
    let twice = fault("it", "server", &[100.0, 200.0], "never");
    case(&[twice], &[STAGING])
        .play()
        .outages_are(&[(100.0, 101.0, "staging"), (200.0, 400.0, "open at the horizon")]);
    for kind in ["link", "site", "cloud", "engine"] {
        case(&[fault("it", kind, &[100.0], "never")], &[GROUP]).play().outages_are(&[(
            100.0,
            400.0,
            "open at the horizon",
        )]);
    }
}

#[test]
fn a_repair_that_never_comes_is_no_work() {
    // It cannot be repaired, so nobody is hands-on for the rest of the horizon.
    let never = fault("it", "server", &[100.0], "never");
    case(std::slice::from_ref(&never), &[]).play().labour_is(0.0);
    case(std::slice::from_ref(&never), &[STAGING]).play().labour_is(1.0);
    case(&[never], &[REBUILD]).play().labour_is(4.0);
}

// ------------------------------------------------------- dead standby

#[test]
fn common_mode_of_one_leaves_a_dead_standby_that_is_found_by_trying() {
    let both = in_common(&fault("both", "server", &[100.0], "50h"));
    case(std::slice::from_ref(&both), &[STAGING, REBUILD])
        .play()
        .outages_are(&[(100.0, 105.0, "rebuild")])
        .people_are(0, [100.0; 3]);
    // Both servers are repaired by people, and the hour was spent in vain.
    case(&[both], &[STAGING]).play().outages_are(&[(100.0, 150.0, "repair")]).labour_is(101.0);
}

/// The server at 110 h, mended at 112 h before anybody decides on more; the standby is struck by
/// the same event and stays dead. Decisions take 10 h.
fn latent(later: &[String], standby_check: &str, tables: &[&str]) -> Case {
    let both = in_common(&fault("both", "server", &[110.0], "2h"));
    let mut faults = vec![both];
    faults.extend_from_slice(later);
    case(&faults, tables)
        .decision("10h")
        .with("standby_check = \"10000d\"", &format!("standby_check = \"{standby_check}\""))
}

#[test]
fn a_latent_fault_of_the_standby_costs_the_promotion_and_hands_over() {
    // Decided at 130, tried in vain until 131, installed until 135.
    let second = fault("second", "server", &[120.0], "30h");
    let told = latent(&[second], "10000d", &[STAGING, REBUILD]).play();
    told.outages_are(&[(110.0, 112.0, "repair"), (120.0, 135.0, "rebuild")]);
    // Both servers of the first event, the second's repair, the two attempts.
    told.labour_is(2.0 + 2.0 + 30.0 + 1.0 + 4.0);
}

#[test]
fn a_standby_found_dead_by_trying_is_repaired_and_serves_the_next_time() {
    // Found at 131, mended at 133; the third fault is decided on at 148.
    let later =
        [fault("second", "server", &[120.0], "30h"), fault("third", "server", &[138.0], "100h")];
    latent(&later, "10000d", &[STAGING, REBUILD]).play().outages_are(&[
        (110.0, 112.0, "repair"),
        (120.0, 135.0, "rebuild"),
        (138.0, 149.0, "staging"),
    ]);
}

#[test]
fn a_check_finds_the_dead_standby_before_it_is_needed() {
    // However the checks fall, one in ten hours finds it by 120 and it is mended by 122.
    let second = fault("second", "server", &[160.0], "30h");
    let told = latent(&[second], "10h", &[STAGING]).play();
    told.outages_are(&[(110.0, 112.0, "repair"), (160.0, 171.0, "staging")]);
    told.labour_is(2.0 + 2.0 + 30.0 + 1.0);
}

#[test]
fn providers_repair_the_standbys_link_without_a_check() {
    let both = in_common(&fault("storm", "link", &[100.0], "50h"));
    let server = fault("server", "server", &[160.0], "50h");
    case(&[both, server], &[STAGING])
        .play()
        .outages_are(&[(100.0, 150.0, "repair"), (160.0, 161.0, "staging")]);
}

#[test]
fn a_shared_site_is_one_component_even_in_common_mode() {
    let near = STAGING.replace("other", "same");
    let site = in_common(&fault("fire", "site", &[100.0], "50h"));
    case(&[site], &[&near]).play().outages_are(&[(100.0, 150.0, "repair")]);
}

// ------------------------------------------------------------ split brain

#[test]
fn an_unfenced_server_that_comes_back_splits_the_brain_until_people_end_it() {
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    let told = case(&[fault("it", "server", &[100.0], "4h")], &[&open]).slow_people().play();
    // Promoted at 101.75 + 1; the old server is mended at 101.5 + 4 and the service is down at
    // once. Alarm and arrival as ever.
    assert_eq!(told.cause, ["it", "split brain"]);
    assert_eq!(told.by, ["staging", "fencing"]);
    assert_eq!((told.outages[1].alarm, told.outages[1].arrival), (Some(106.5), Some(107.0)));
    // The specification says that people end it. The engine's reading: work as long as a promotion,
    // begun like a repair with the arrival, since there is nothing to choose.
    told.outages_are(&[(100.0, 102.75, "staging"), (105.5, 108.0, "fencing")]);
    told.labour_is(4.0 + 1.0 + 1.0);
}

#[test]
fn a_split_brain_follows_every_kind_that_left_the_old_server_alive() {
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    for kind in ["site", "host", "server"] {
        let told = case(&[fault("it", kind, &[100.0], "50h")], &[&open]).play();
        told.outages_are(&[(100.0, 101.0, "staging"), (150.0, 151.0, "fencing")]);
    }
    // A server that answers is shut out: whoever promotes the other can reach it.
    for kind in ["link", "database", "engine", "contents"] {
        let told = case(&[fault("it", kind, &[100.0], "50h")], &[&open]).play();
        told.outages_are(&[(100.0, 101.0, "staging")]);
    }
}

#[test]
fn a_fenced_or_dead_old_server_does_no_harm() {
    let told = case(&[fault("it", "link", &[100.0], "50h")], &[STAGING]).play();
    told.outages_are(&[(100.0, 101.0, "staging")]);
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    let told = case(&[fault("it", "server", &[100.0], "never")], &[&open]).play();
    told.outages_are(&[(100.0, 101.0, "staging")]);
}

#[test]
fn after_the_split_brain_the_old_server_is_a_standby() {
    let open = STAGING.replace("fenced = 1.0", "fenced = 0.0");
    let told = case(&[fault("it", "server", &[100.0, 200.0], "50h")], &[&open]).play();
    told.outages_are(&[
        (100.0, 101.0, "staging"),
        (150.0, 151.0, "fencing"),
        (200.0, 201.0, "staging"),
        (250.0, 251.0, "fencing"),
    ]);
}

// ---------------------------------------------------------- rebuilding

fn on_a_controller() -> String {
    REBUILD.replace("spare = \"server\"", "spare = \"domain-controller\"")
}

#[test]
fn a_domain_controller_is_left_again_when_the_server_is_mended() {
    let told = case(&[fault("it", "server", &[100.0], "30h")], &[&on_a_controller()]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild"), (130.0, 130.5, "move back")]);
    assert_eq!(told.cause[1], "planned move back");
    told.labour_is(4.0 + 30.0 + 0.5);
}

#[test]
fn the_move_back_is_planned_for_staffed_hours() {
    // Friday 04:00: people at 105. The repair of 8 h ends with the shift, at 113; so Monday 09:00.
    let told =
        case(&[fault("it", "server", &[100.0], "8h")], &[&on_a_controller()]).office_hours().play();
    told.outages_are(&[(100.0, 109.0, "rebuild"), (177.0, 177.5, "move back")]);
    told.labour_is(4.0 + 8.0 + 0.5);
}

#[test]
fn a_mended_server_serves_where_its_makeshift_was_struck() {
    // On the controller from 104, which dies as it begins to serve. A machine procured for it would
    // come at 224, its repair ends at 304. The first server is mended at 110, and those who mended
    // it leave it in service. With 4 h of installation, 10 and 200 h of repair.
    for second in ["server", "host"] {
        let faults =
            [fault("first", "server", &[100.0], "10h"), fault("second", second, &[104.0], "200h")];
        let told = case(&faults, &[&on_a_controller()]).play();
        told.outages_are(&[(100.0, 110.0, "repair")]).labour_is(4.0 + 10.0 + 200.0);
        // With a gap between the outages.
        let faults =
            [fault("first", "server", &[100.0], "10h"), fault("second", second, &[106.0], "200h")];
        let told = case(&faults, &[&on_a_controller()]).play();
        told.outages_are(&[(100.0, 104.0, "rebuild"), (106.0, 110.0, "repair")]);
    }
    // Something is being installed over the controller's software from 106 on: given up at 108.
    let faults =
        [fault("first", "server", &[100.0], "8h"), fault("second", "engine", &[106.0], "200h")];
    let told = case(&faults, &[&on_a_controller()]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild"), (106.0, 108.0, "repair")]);
    told.labour_is(4.0 + 8.0 + 2.0);
}

#[test]
fn a_makeshift_that_is_lost_is_left_for_what_comes_first() {
    // The makeshift's own repair, at 108.
    let faults =
        [fault("first", "server", &[100.0], "10h"), fault("second", "server", &[106.0], "2h")];
    let told = case(&faults, &[&on_a_controller()]).play();
    told.outages_are(&[
        (100.0, 104.0, "rebuild"),
        (106.0, 108.0, "repair"),
        (110.0, 110.5, "move back"),
    ]);
    // The first server is never mended. A machine for it was ordered at 104 and comes at 224; the
    // makeshift dies at 200, and one ordered then would come at 320. Installed by 228.
    let faults =
        [fault("first", "server", &[100.0], "never"), fault("second", "server", &[200.0], "never")];
    let told = case(&faults, &[&on_a_controller()]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild"), (200.0, 228.0, "rebuild")]);
    // The first server's disk is lost with it: its machine, mended at 110, has nothing on it.
    let faults = [
        fault("first", "server", &[100.0], "10h"),
        fault("disk", "database", &[100.0], "never"),
        fault("second", "server", &[106.0], "200h"),
    ];
    let told = case(&faults, &[&on_a_controller()]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild"), (106.0, 114.0, "rebuild")]);
}

#[test]
fn a_new_machine_that_is_lost_is_left_for_the_mended_server() {
    let table = REBUILD.replace("spare = \"server\"", "spare = \"procure\"");
    // Bought by 220 and installed by 224. That one dies at 300; another would be there at 424. The
    // first server is mended at 400.
    let faults =
        [fault("first", "server", &[100.0], "300h"), fault("second", "server", &[300.0], "500h")];
    case(&faults, &[&table])
        .horizon(600)
        .play()
        .outages_are(&[(100.0, 224.0, "rebuild"), (300.0, 400.0, "repair")]);
    // It was mended at 300 already, fifty hours before: it is a machine at hand.
    let faults =
        [fault("first", "server", &[100.0], "200h"), fault("second", "server", &[350.0], "500h")];
    case(&faults, &[&table])
        .play()
        .outages_are(&[(100.0, 224.0, "rebuild"), (350.0, 354.0, "rebuild")]);
    // They change places: what is bought is mended at 340 while the first serves from 300 on, and
    // that dies at 330 until 380.
    let faults = [
        fault("first", "server", &[100.0], "200h"),
        fault("second", "server", &[290.0], "50h"),
        fault("third", "server", &[330.0], "50h"),
    ];
    case(&faults, &[&table]).play().outages_are(&[
        (100.0, 224.0, "rebuild"),
        (290.0, 300.0, "repair"),
        (330.0, 340.0, "repair"),
    ]);
    // A new server that was found as a last resort, 100 + 48 + 10, is one too. At 350 another would be
    // there at 408.
    let faults =
        [fault("first", "server", &[100.0], "300h"), fault("second", "server", &[350.0], "500h")];
    case(&faults, &[])
        .with("last_resort = \"never\"", "last_resort = { after = \"48h\", takes = \"10h\" }")
        .horizon(600)
        .play()
        .outages_are(&[(100.0, 158.0, "last resort"), (350.0, 400.0, "repair")]);
}

#[test]
fn a_makeshift_that_is_lost_before_the_planned_move_is_left_by_that_move() {
    // Friday 04:00; installed by 109, the first server mended at 112.75, a quarter of an hour before
    // the end of the shift: the move waits for Monday 09:00 (177). The makeshift dies on Monday at
    // 04:00 (172), people come at 177 and move to the server that stands ready: half an hour.
    let faults =
        [fault("first", "server", &[100.0], "465m"), fault("second", "server", &[172.0], "200h")];
    let told = case(&faults, &[&on_a_controller()]).office_hours().play();
    told.outages_are(&[(100.0, 109.0, "rebuild"), (172.0, 177.5, "rebuild")]);
}

#[test]
fn a_move_back_needs_no_detection_and_no_decision() {
    let told =
        case(&[fault("it", "server", &[100.0], "30h")], &[&on_a_controller()]).slow_people().play();
    told.outages_are(&[(100.0, 105.75, "rebuild"), (131.5, 132.0, "move back")]);
}

#[test]
fn a_domain_controller_for_a_server_that_is_never_mended_waits_for_a_new_one() {
    // The specification is silent on when the order goes out; a new server must come 120 h after
    // somebody ordered it, between the onset and the return of the service.
    let told = case(&[fault("it", "server", &[100.0], "never")], &[&on_a_controller()]).play();
    assert_eq!(told.by, ["rebuild", "move back"]);
    let ordered = told.outages[1].onset - 120.0;
    assert!((100.0..=104.0).contains(&ordered), "{ordered}");
}

#[test]
fn a_domain_controller_can_serve_again_after_the_move_back() {
    // Procured by 224 at the latest and moved to by 224.5, so the controller is free at 300.
    let told =
        case(&[fault("it", "server", &[100.0, 300.0], "never")], &[&on_a_controller()]).play();
    assert_eq!(told.by, ["rebuild", "move back", "rebuild"]);
    assert!(close(told.outages[2].end, 304.0), "{:?}", told.outages[2]);
}

#[test]
fn a_planned_move_is_short_and_so_not_begun_at_the_end_of_a_shift() {
    // Mended on Friday at 16:45. Half an hour does not fit in before the week-end, and nobody plans
    // an outage from Friday to Monday: Monday 09:00.
    let told = case(&[fault("it", "server", &[100.0], "465m")], &[&on_a_controller()])
        .office_hours()
        .play();
    told.outages_are(&[(100.0, 109.0, "rebuild"), (177.0, 177.5, "move back")]);
}

#[test]
fn an_unusable_domain_controller_falls_to_procurement() {
    let table = on_a_controller() + "dc_usable = false\n";
    let told = case(&[fault("it", "server", &[100.0], "300h")], &[&table]).play();
    told.outages_are(&[(100.0, 224.0, "rebuild")]);
}

#[test]
fn a_server_is_procured_and_then_installed() {
    let table = REBUILD.replace("spare = \"server\"", "spare = \"procure\"");
    let told = case(&[fault("it", "server", &[100.0], "200h")], &[&table]).play();
    told.outages_are(&[(100.0, 224.0, "rebuild")]);
    // Waiting for the delivery is no work; the repair goes on to its end.
    told.labour_is(4.0 + 200.0);
}

#[test]
fn procurement_goes_on_outside_staffed_hours_and_installation_does_not() {
    // Found on Friday 09:00 = 105, delivered on Wednesday 09:00 = 225.
    let table = REBUILD.replace("spare = \"server\"", "spare = \"procure\"");
    let told = case(&[fault("it", "server", &[100.0], "never")], &[&table]).office_hours().play();
    told.outages_are(&[(100.0, 229.0, "rebuild")]);
    let table = table.replace("procure = \"120h\"", "procure = \"10h\"");
    // Delivered on Friday 19:00; Monday 09:00 to 13:00.
    let told = case(&[fault("it", "server", &[100.0], "never")], &[&table]).office_hours().play();
    told.outages_are(&[(100.0, 181.0, "rebuild")]);
}

#[test]
fn without_a_backup_the_configuration_is_entered_by_hand() {
    let table = REBUILD.to_owned() + "configuration_backup = false\n";
    let told = case(&[fault("it", "server", &[100.0], "never")], &[&table]).play();
    told.outages_are(&[(100.0, 107.0, "rebuild")]);
    told.catch_up_is(IMPORT + SYNC);
}

#[test]
fn a_rebuild_begins_when_link_or_cloud_is_back() {
    for kind in ["link", "cloud"] {
        let gone = fault("server", "server", &[100.0], "never");
        let told = case(&[gone, fault("far", kind, &[100.0], "10h")], &[REBUILD]).play();
        told.outages_are(&[(100.0, 114.0, "rebuild")]);
        // The same when the way out failed first.
        let gone = fault("server", "server", &[105.0], "never");
        let told = case(&[gone, fault("far", kind, &[100.0], "10h")], &[REBUILD]).play();
        told.outages_are(&[(100.0, 114.0, "rebuild")]);
    }
}

#[test]
fn an_installation_that_has_begun_does_not_start_again_for_a_lost_link() {
    // It ends at 104, and the path is whole when the link is back at 110. The specification bars
    // only the start; who is named as the restorer is open.
    let gone = fault("server", "server", &[100.0], "never");
    let told = case(&[gone, fault("link", "link", &[102.0], "8h")], &[REBUILD]).play();
    assert_eq!(told.outages.len(), 1);
    assert!(close(told.outages[0].end, 110.0), "{:?}", told.outages);
}

#[test]
fn an_image_is_restored_without_the_link() {
    // Only a rebuild needs link and cloud to begin; the image lies in the site. Restored at 102,
    // in service with the link at 110.
    let faults =
        [fault("link", "link", &[100.0], "10h"), fault("server", "server", &[100.0], "50h")];
    let told = case(&faults, &[MACHINE]).play();
    assert_eq!(told.outages.len(), 1);
    assert!(close(told.outages[0].end, 110.0), "{:?}", told.outages);
}

#[test]
fn a_promotion_without_the_cloud_is_tried_in_vain_and_again_when_it_is_back() {
    // Nobody can sign in, so the hour from 102 to 103 is lost; the cloud is back at 110.
    let faults =
        [fault("cloud", "cloud", &[100.0], "10h"), fault("server", "server", &[102.0], "never")];
    let told = case(&faults, &[STAGING]).play();
    told.outages_are(&[(100.0, 111.0, "staging")]);
}

#[test]
fn a_promotion_in_vain_hands_over_to_nothing_that_needs_the_cloud_as_well() {
    let faults =
        [fault("cloud", "cloud", &[100.0], "10h"), fault("server", "server", &[102.0], "never")];
    let told = case(&faults, &[STAGING, REBUILD]).play();
    told.outages_are(&[(100.0, 111.0, "staging")]);
}

#[test]
fn an_engine_fault_is_repaired_promoted_or_rebuilt() {
    let engine = fault("filter", "engine", &[100.0], "50h");
    let told = case(std::slice::from_ref(&engine), &[MACHINE, GROUP]).play();
    told.outages_are(&[(100.0, 150.0, "repair")]).labour_is(50.0);
    let told = case(std::slice::from_ref(&engine), &[STAGING]).play();
    told.outages_are(&[(100.0, 101.0, "staging")]).labour_is(1.0 + 50.0);
    // The repair goes on behind the spare server.
    let told = case(&[engine], &[REBUILD]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild")]).labour_is(4.0 + 50.0);
}

#[test]
fn the_engine_is_whole_on_both_paths_after_its_repair() {
    let filter = in_common(&fault("filter", "engine", &[100.0], "10h"));
    let faults = [filter, fault("server", "server", &[120.0], "50h")];
    case(&faults, &[STAGING])
        .play()
        .outages_are(&[(100.0, 110.0, "repair"), (120.0, 121.0, "staging")]);
}
